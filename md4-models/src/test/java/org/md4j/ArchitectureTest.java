package org.md4j;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.InstanceofCheck;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** Rules that keep md4-models what it is; each says why. */
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(
              "org.md4j.data",
              "org.md4j.diffusion",
              "org.md4j.model",
              "org.md4j.quality",
              "org.md4j.train");

  @Test
  void packagesAreFreeOfCycles() {
    check(
        slices()
            .matching("org.md4j.(**)")
            .should()
            .beFreeOfCycles()
            .because("each role is to be read, tested and used without those built on it"));
  }

  @Test
  void networksAndDataAreUsableWithoutTheTrainer() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("org.md4j.data..", "org.md4j.model..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.md4j.train..")
            .because("sampling and likelihoods need a network and perhaps data, but no training"));
  }

  @Test
  void dataKnowsNoNetwork() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.md4j.data..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.md4j.model..", "org.deeplearning4j..", "org.nd4j..")
            .because("tokens live on the host until they enter a network"));
  }

  @Test
  void theBackendIsTheUsers() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "org.nd4j.linalg.cpu..", "org.nd4j.linalg.jcublas..", "org.bytedeco..")
            .because("the same code runs on a processor and on a graphics card"));
  }

  @Test
  void nothingIsWrittenWithJavaSerialisation() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(ObjectOutputStream.class, ObjectInputStream.class)
            .because("a checkpoint must outlive the classes that wrote it and run no code"));
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
  void nobodyAsksWhatAnObjectiveIs() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("org.md4j.diffusion..")
            .should(askWhatAnObjectiveIs())
            .because("what fits an objective is known by org.md4j.diffusion.Fit alone"));
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

  private static ArchCondition<JavaClass> askWhatAnObjectiveIs() {
    return new ArchCondition<>("do instanceof on a type of org.md4j.objective") {
      @Override
      public void check(JavaClass asking, ConditionEvents events) {
        for (InstanceofCheck asked : asking.getInstanceofChecks()) {
          if (asked.getRawType().getPackageName().startsWith("org.md4j.objective")) {
            events.add(SimpleConditionEvent.satisfied(asking, asked.getOwner().getFullName()));
          }
        }
      }
    };
  }

  private static void check(ArchRule rule) {
    rule.check(MAIN);
  }
}
