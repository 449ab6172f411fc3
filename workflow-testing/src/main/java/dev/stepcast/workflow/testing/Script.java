package dev.stepcast.workflow.testing;

import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import dev.stepcast.workflow.api.WorkflowContext.Body;
import dev.stepcast.workflow.api.middleware.WorkflowMiddleware;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a test wants of steps, put between a workflow and its context. */
final class Script {
  private final Map<String, Failures> failures = new ConcurrentHashMap<>();
  private final Map<String, Body<?>> replacements = new ConcurrentHashMap<>();

  private record Failures(AtomicInteger left, Exception failure) {}

  void failing(String step, int times, Exception failure) {
    failures.put(step, new Failures(new AtomicInteger(times), failure));
  }

  void replacing(String step, Body<?> body) {
    replacements.put(step, body);
  }

  <I, O> Workflow<I, O> around(Workflow<I, O> workflow) {
    return new Scripted<>(workflow, this);
  }

  private Body<?> body(String step, Body<?> own) {
    return () -> {
      var failing = failures.get(step);
      if (failing != null && failing.left().getAndDecrement() > 0) {
        throw failing.failure();
      }
      return replacements.getOrDefault(step, own).run();
    };
  }

  /** The context as the workflow sees it: bodies of steps pass through the script. */
  private WorkflowContext context(WorkflowContext real) {
    return (WorkflowContext) Proxy.newProxyInstance(WorkflowContext.class.getClassLoader(),
        new Class<?>[]{WorkflowContext.class}, (_, method, given) -> {
          var args = given == null ? new Object[0] : given.clone();
          if (method.getName().equals("run")) {
            args[args.length - 1] = body((String) args[0], (Body<?>) args[args.length - 1]);
          }
          try {
            return method.invoke(real, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  /** The author's workflow with a context of ours. */
  record Scripted<I, O>(Workflow<I, O> own, Script script) implements Workflow<I, O> {
    @Override
    public @Nullable O run(WorkflowContext context, I input) throws Exception {
      return own.run(script.context(context), input);
    }

    @Override
    public String name() {
      return own.name();
    }

    @Override
    public String version() {
      return own.version();
    }

    @Override
    public String payloadSchema() {
      return own.payloadSchema();
    }

    @Override
    public Optional<String> samplePayload() {
      return own.samplePayload();
    }

    @Override
    public void failed(WorkflowContext context, I input, Throwable cause) {
      own.failed(script.context(context), input, cause);
    }

    @Override
    public List<WorkflowMiddleware> middlewares() {
      return own.middlewares();
    }
  }
}
