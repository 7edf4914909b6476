package org.md4j;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** Rules that keep md4-core what it is; each says why. */
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.md4j");

  @Test
  void coreNeverSeesANetworkLibrary() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.deeplearning4j..")
            .because("core sees a network only as a Denoiser, whatever it is written with"));
  }

  @Test
  void packagesAreFreeOfCycles() {
    check(
        slices()
            .matching("org.md4j.(*)..")
            .should()
            .beFreeOfCycles()
            .because("each role is to be read, tested and used without those built on it"));
  }

  @Test
  void workaroundsForNd4jKnowNothingOfTheLibrary() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.md4j.array..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("org.md4j..").and(resideOutsideOfPackage("org.md4j.array..")))
            .because("each goes when ND4J is mended"));
  }

  @Test
  void rolesBuildOnEachOtherInOneDirection() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("org.md4j.core..", "org.md4j.schedule..", "org.md4j.process..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.md4j.objective..", "org.md4j.sampling..")
            .because("noise knows nothing of what is trained or drawn with it"));
  }

  @Test
  void measuringBuildsOnEverythingElse() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("org.md4j.likelihood..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.md4j.likelihood..")
            .because("neither training nor drawing needs to know how it is measured"));
  }

  @Test
  void schedulesArePureMathematics() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("org.md4j.schedule..", "org.md4j.process..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.nd4j..")
            .because("small and discrete things live on the host, exact and in double"));
  }

  @Test
  void theConsoleBelongsToTheApplication() {
    check(
        noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("a library that prints cannot be used quietly"));
  }

  @Test
  void onlyAnApplicationEndsTheProcess() {
    check(
        noClasses()
            .should()
            .callMethod(System.class, "exit", int.class)
            .because("an error is the caller's to handle"));
  }

  @Test
  void randomnessIsAnArgument() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Random.class, SplittableRandom.class, ThreadLocalRandom.class)
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j.linalg.api.rng..", "org.nd4j.linalg.api.ops.random..")
            .because(
                "results must depend on the seed alone, so every number comes from CounterRandom"));
  }

  @Test
  void theGlobalGeneratorOfNd4jIsNeverUsed() {
    check(
        noClasses()
            .should()
            .callMethodWhere(
                target(owner(equivalentTo(Nd4j.class)))
                    .and(target(nameMatching("rand.*|getRandom.*|choice|shuffle|bernoulli"))))
            .because("its state is shared by the whole process and differs between backends"));
  }

  @Test
  void typesAreFinalOrMeantToBeExtended() {
    check(
        classes()
            .that()
            .areNotInterfaces()
            .and()
            .doNotHaveModifier(JavaModifier.SYNTHETIC) // What the compiler makes for a switch.
            .should()
            .haveModifier(JavaModifier.FINAL)
            .orShould()
            .haveModifier(JavaModifier.ABSTRACT)
            .because("a class nobody designed for extension breaks when it is extended"));
  }

  private static void check(ArchRule rule) {
    rule.check(MAIN);
  }
}
