package dev.stepcast.workflow.mutation;

import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs test classes in a process whose class path begins with a mutant; prints who noticed. */
final class OneMutant {
  private OneMutant() {}

  /** Arguments are names of classes; ends with 0 where all their tests passed. */
  public static void main(String[] classes) {
    var heard = new SummaryGeneratingListener();
    for (var name : classes) {
      LauncherFactory.create().execute(LauncherDiscoveryRequestBuilder.request()
          .selectors(DiscoverySelectors.selectClass(name)).build(), heard);
      var summary = heard.getSummary();
      if (summary.getTestsFoundCount() == 0) {
        throw new IllegalArgumentException("no tests in " + name);
      }
      summary.getFailures().stream().limit(1).forEach(failure -> {
        System.err.println("NOTICED " + name.replaceAll(".*\\.", "") + ": "
            + failure.getTestIdentifier().getDisplayName());
        failure.getException().printStackTrace();
      });
      if (!summary.getFailures().isEmpty()) {
        System.exit(1);
      }
    }
    System.exit(0);
  }
}
