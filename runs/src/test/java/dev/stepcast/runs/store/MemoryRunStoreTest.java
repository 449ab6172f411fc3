package dev.stepcast.runs.store;

import dev.stepcast.runs.memory.MemoryRunStore;
import dev.stepcast.runs.store.RunStore.Told;
import java.util.List;

class MemoryRunStoreTest extends RunStoreContract {
  private final MemoryRunStore store = new MemoryRunStore(System::currentTimeMillis, _ -> 0);

  @Override
  RunStore store() {
    return store;
  }

  @Override
  List<String> told(String id) {
    return store.told(id).stream().map(Told::event).toList();
  }
}
