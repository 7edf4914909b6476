package org.md4j.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.objective.Objective;

/** Rules that keep md4-cli an application on top of a library; each says why. */
class ArchitectureTest {
  private static final String APPLICATION = "org.md4j.cli";

  /** Every package, each before those it may import. */
  private static final List<String> DOWNWARDS =
      List.of(
          "command",
          "study",
          "train",
          "draw",
          "evaluate",
          "option",
          "quality",
          "data",
          "run",
          "machine",
          "page",
          "terminal");

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.md4j");

  @Test
  void packagesAreFreeOfCycles() {
    check(
        slices()
            .matching(APPLICATION + ".(**)")
            .should()
            .beFreeOfCycles()
            .because("each role is to be read and tested without those built on it"));
  }

  @ParameterizedTest
  @MethodSource("lowerPackages")
  void packagesImportDownwardsOnly(int level) {
    String[] above =
        DOWNWARDS.subList(0, level).stream()
            .map(name -> APPLICATION + "." + name + "..")
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(APPLICATION + "." + DOWNWARDS.get(level) + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(above)
            .because("what is shared does not know what it is shared by"));
  }

  private static IntStream lowerPackages() {
    return IntStream.range(1, DOWNWARDS.size());
  }

  @Test
  void everyPackageHasItsPlace() {
    assertThat(
            ALL.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(APPLICATION + "."))
                .map(name -> name.substring(APPLICATION.length() + 1))
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(DOWNWARDS);
  }

  @Test
  void onlyTheMainClassKnowsCommands() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(APPLICATION + ".command..")
            .and()
            .doNotBelongToAnyOf(Md4.class)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(APPLICATION + ".command..")
            .because("what two commands share lies below both"));
  }

  @Test
  void nothingKnowsTheMainClass() {
    check(
        noClasses()
            .that()
            .doNotBelongToAnyOf(Md4.class)
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Md4.class)
            .because("it only puts the commands together"));
  }

  @Test
  void theLibraryKnowsNoApplication() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(APPLICATION + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(APPLICATION + "..")
            .because("others build applications of their own on it"));
  }

  @Test
  void nobodyAsksWhatAnObjectiveIs() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.md4j.cli..")
            .should(askWhatAnObjectiveIs())
            .because("what fits an objective is known by org.md4j.diffusion.Fit alone"));
  }

  @Test
  void typesAreFinalOrMeantToBeExtended() {
    check(
        classes()
            .that()
            .resideInAPackage(APPLICATION + "..")
            .and()
            .areNotInterfaces()
            .and()
            .areNotAnonymousClasses()
            .should()
            .haveModifier(JavaModifier.FINAL)
            .orShould()
            .haveModifier(JavaModifier.ABSTRACT)
            .because("a class nobody designed for extension breaks when it is extended"));
  }

  private static ArchCondition<JavaClass> askWhatAnObjectiveIs() {
    return new ArchCondition<>("do instanceof on an objective") {
      @Override
      public void check(JavaClass asking, ConditionEvents events) {
        for (InstanceofCheck asked : asking.getInstanceofChecks()) {
          if (asked.getRawType().isAssignableTo(Objective.class)) {
            events.add(SimpleConditionEvent.satisfied(asking, asked.getOwner().getFullName()));
          }
        }
      }
    };
  }

  private static void check(ArchRule rule) {
    rule.check(ALL);
  }
}
