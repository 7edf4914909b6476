package org.md4j;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.nd4j.linalg.factory.Nd4j;

/** Rules that keep md4-core what it is; each says why. */
@AnalyzeClasses(packages = "org.md4j", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule CORE_NEVER_SEES_A_NETWORK_LIBRARY =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.deeplearning4j..")
          .because("core sees a network only as a Denoiser, whatever it is written with");

  @ArchTest
  static final ArchRule PACKAGES_ARE_FREE_OF_CYCLES =
      slices()
          .matching("org.md4j.(*)..")
          .should()
          .beFreeOfCycles()
          .because("each role is to be read, tested and used without those built on it");

  @ArchTest
  static final ArchRule ROLES_BUILD_ON_EACH_OTHER_IN_ONE_DIRECTION =
      noClasses()
          .that()
          .resideInAnyPackage("org.md4j.core..", "org.md4j.schedule..", "org.md4j.process..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.md4j.objective..", "org.md4j.sampling..")
          .because("noise knows nothing of what is trained or drawn with it");

  @ArchTest
  static final ArchRule SCHEDULES_ARE_PURE_MATHEMATICS =
      noClasses()
          .that()
          .resideInAnyPackage("org.md4j.schedule..", "org.md4j.process..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.nd4j..")
          .because("small and discrete things live on the host, exact and in double");

  @ArchTest
  static final ArchRule THE_CONSOLE_BELONGS_TO_THE_APPLICATION =
      noClasses()
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .because("a library that prints cannot be used quietly");

  @ArchTest
  static final ArchRule ONLY_AN_APPLICATION_ENDS_THE_PROCESS =
      noClasses()
          .should()
          .callMethod(System.class, "exit", int.class)
          .because("an error is the caller's to handle");

  @ArchTest
  static final ArchRule RANDOMNESS_IS_AN_ARGUMENT =
      noClasses()
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(
              java.util.Random.class,
              java.util.SplittableRandom.class,
              java.util.concurrent.ThreadLocalRandom.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j.linalg.api.rng..", "org.nd4j.linalg.api.ops.random..")
          .because(
              "results must depend on the seed alone, so every number comes from CounterRandom");

  @ArchTest
  static final ArchRule THE_GLOBAL_GENERATOR_OF_ND4J_IS_NEVER_USED =
      noClasses()
          .should()
          .callMethodWhere(
              target(owner(equivalentTo(Nd4j.class)))
                  .and(target(nameMatching("rand.*|getRandom.*|choice|shuffle|bernoulli"))))
          .because("its state is shared by the whole process and differs between backends");

  @ArchTest
  static final ArchRule TYPES_ARE_FINAL_OR_MEANT_TO_BE_EXTENDED =
      classes()
          .that()
          .areNotInterfaces()
          .should()
          .haveModifier(JavaModifier.FINAL)
          .orShould()
          .haveModifier(JavaModifier.ABSTRACT)
          .because("a class nobody designed for extension breaks when it is extended");
}
