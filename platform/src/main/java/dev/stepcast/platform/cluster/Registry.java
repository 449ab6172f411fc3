package dev.stepcast.platform.cluster;

import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who listens to which address, in memory. Any thread may look up and change what is our own; what
 * the others have is changed by one thread only, the one that follows the log. Every method is
 * atomic for one address.
 */
final class Registry {
  private final String self;
  private final Map<String, List<RegistrationInfo>> byAddress = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> addressesOf = new HashMap<>();

  Registry(String self) {
    this.self = self;
  }

  /** Everybody at {@code address}, ourselves and our local-only ones included. */
  List<RegistrationInfo> at(String address) {
    return byAddress.getOrDefault(address, List.of());
  }

  void addOwn(String address, RegistrationInfo info) {
    add(address, info);
  }

  void dropOwn(String address, RegistrationInfo info) {
    drop(address, info);
  }

  /** What the others may know of ours; local-only registrations never leave this process. */
  List<Change.Added> own() {
    var own = new ArrayList<Change.Added>();
    byAddress.forEach((address, infos) -> infos.stream()
        .filter(info -> info.nodeId().equals(self) && !info.localOnly())
        .forEach(info -> own.add(new Change.Added(self, info.seq(), address))));
    return own;
  }

  void added(Change.Added entry) {
    add(entry.address(), new RegistrationInfo(entry.node(), entry.seq(), false));
    addressesOf.computeIfAbsent(entry.node(), _ -> new LinkedHashSet<>()).add(entry.address());
  }

  void dropped(Change.Dropped entry) {
    drop(entry.address(), new RegistrationInfo(entry.node(), entry.seq(), false));
    var addresses = addressesOf.get(entry.node());
    if (addresses != null && at(entry.address()).stream()
        .noneMatch(info -> info.nodeId().equals(entry.node()))) {
      addresses.remove(entry.address());
    }
  }

  /** The addresses at which {@code node}, another one, listens. */
  Set<String> addressesOf(String node) {
    return Set.copyOf(addressesOf.getOrDefault(node, Set.of()));
  }

  /** Forgets {@code node}, another one; tells where it listened. */
  Set<String> clear(String node) {
    var addresses = addressesOf.remove(node);
    if (addresses == null) {
      return Set.of();
    }
    for (var address : addresses) {
      byAddress.computeIfPresent(address, (_, infos) -> {
        var left = infos.stream().filter(info -> !info.nodeId().equals(node)).toList();
        return left.isEmpty() ? null : left;
      });
    }
    return addresses;
  }

  private void add(String address, RegistrationInfo info) {
    byAddress.compute(address, (_, infos) -> {
      if (infos == null) {
        return List.of(info);
      }
      if (infos.contains(info)) {
        return infos;
      }
      var more = new ArrayList<>(infos);
      more.add(info);
      return List.copyOf(more);
    });
  }

  private void drop(String address, RegistrationInfo info) {
    byAddress.computeIfPresent(address, (_, infos) -> {
      var left = infos.stream().filter(each -> !each.equals(info)).toList();
      return left.isEmpty() ? null : left;
    });
  }
}
