package dev.stepcast.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RouteTableTest {
  private final Vertx vertx = Vertx.vertx();
  private final Router router = Router.router(vertx);
  private final RouteTable table = new RouteTable(router);

  @AfterEach
  void close() {
    vertx.close();
  }

  @Test
  void tells_the_methods_of_a_path() {
    served(router.route("/a*"));
    served(router.get("/a/:id"));
    served(router.delete("/a/:id"));
    served(router.post("/a/all"));
    served(router.put("/a/:id/b.c"));
    served(router.patch("/below/*"));
    served(router.routeWithRegex(HttpMethod.HEAD, "/(?!a/).*"));
    assertThat(table.methods("/a/1")).containsExactly("DELETE", "GET");
    assertThat(table.methods("/a/all/")).containsExactly("DELETE", "GET", "POST");
    assertThat(table.methods("/a/1/b.c")).containsExactly("PUT");
    assertThat(table.methods("/a/1/bxc")).isEmpty();
    assertThat(table.methods("/below/x/y")).containsExactly("HEAD", "PATCH");
  }

  @Test
  void tells_the_parameters_of_the_first_route_that_fits() {
    RouteTable.takes(served(router.get("/a")), Set.of("y", "x"));
    served(router.post("/a/all"));
    RouteTable.takes(served(router.post("/a/:id")), Set.of("z"));
    RouteTable.takesAnything(served(router.put("/a")));
    assertThat(table.parameters(HttpMethod.GET, "/a/")).contains(new TreeSet<>(Set.of("x", "y")));
    assertThat(table.parameters(HttpMethod.POST, "/a/all")).contains(new TreeSet<>());
    assertThat(table.parameters(HttpMethod.POST, "/a/1")).contains(new TreeSet<>(Set.of("z")));
    assertThat(table.parameters(HttpMethod.PUT, "/a")).isEmpty();
    assertThat(table.parameters(HttpMethod.GET, "/b")).isEmpty();
  }

  private static Route served(Route route) {
    return route.handler(ctx -> ctx.next());
  }
}
