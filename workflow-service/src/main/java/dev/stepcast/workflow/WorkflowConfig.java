package dev.stepcast.workflow;

import dev.stepcast.platform.config.Env;
import dev.stepcast.runs.admission.Admission.Bounds;
import dev.stepcast.runs.store.RunStore.Retention;
import dev.stepcast.workflow.endpoint.EndpointConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything about running workflows that an operator may change.
 *
 * @param lease          how long a run belongs to its worker without a renewal; a lost worker's
 *                       runs go on after it
 * @param stepStartAfter steps that take longer tell that they have started
 * @param slots          runs that this node works on at the same time
 * @param samples        whether the sample workflows can be run
 * @param workflows      folder of jars with workflows; null for none
 * @param retention      how long ended runs are kept
 * @param endpoint       about workflows that HTTP endpoints run
 * @param bounds         when schedules are postponed
 */
public record WorkflowConfig(Duration lease, Duration stepStartAfter, int slots, boolean samples,
    @Nullable Path workflows, Retention retention, EndpointConfig endpoint, Bounds bounds) {
  private static final Duration LEASE_MIN = Duration.ofMillis(300);

  /** Reads the variables; mistakes are noted in {@code env}. */
  public static WorkflowConfig from(Env env) {
    var folder = env.optional("WORKFLOWS_DIR");
    var config = new WorkflowConfig(env.millis("RUN_LEASE_MS", Duration.ofSeconds(30)),
        env.millis("STEP_START_AFTER_MS", Duration.ofMillis(250)),
        env.integer("RUN_SLOTS", 256, 1, 100_000), env.onOff("SAMPLES", true),
        folder == null ? null : Path.of(folder),
        Retention.from(env),
        EndpointConfig.from(env), Bounds.from(env));
    if (config.lease().compareTo(LEASE_MIN) < 0) {
      env.mistake("RUN_LEASE_MS", "want " + LEASE_MIN.toMillis() + " ms or more");
    }
    if (config.workflows() != null && !Files.isDirectory(config.workflows())) {
      env.mistake("WORKFLOWS_DIR", "no such folder");
    }
    return config;
  }
}
