package dev.stepcast.platform.cluster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IndependenceTest {
  private static final String OURS = "dev.stepcast.";
  private static final Set<String> KNOWN = Set.of("dev.stepcast.platform.cluster",
      "dev.stepcast.platform.redis", "dev.stepcast.platform.pubsub", "dev.stepcast.platform.keys");

  @Test
  void the_cluster_manager_knows_nothing_of_ours_but_how_to_reach_redis() {
    var classes = new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages("dev.stepcast.platform");
    noClasses().that().resideInAPackage("dev.stepcast.platform.cluster")
        .should().dependOnClassesThat(new DescribedPredicate<JavaClass>("are other parts of ours") {
          @Override
          public boolean test(JavaClass type) {
            return type.getPackageName().startsWith(OURS)
                && !KNOWN.contains(type.getPackageName());
          }
        }).check(classes);
  }
}
