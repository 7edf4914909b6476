package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.schedule.MaskingSchedule;

class ElboTermsTest {
  /** {@code units/bits}. */
  @Test
  void convertsNatsToBitsPerTokenAndPerplexity() {
    JsonNode inputs = GoldenVectors.inputs("units/bits");
    JsonNode expected = GoldenVectors.expected("units/bits");
    double third = inputs.get("nats").doubleValue() / 3;
    ElboTerms terms = new ElboTerms(third, third, third);
    int length = inputs.get("N").intValue();

    GoldenVectors.assertMatches(
        "units/bits", "bits", terms.bitsPerToken(length), expected.get("bits_per_token"));
    GoldenVectors.assertMatches(
        "units/bits", "perplexity", terms.perplexity(length), expected.get("perplexity"));
  }

  /** {@code units/recon_bits}: reconstruction and prior are the same number of bits per token. */
  @ParameterizedTest
  @ValueSource(ints = {27, 256, 50257})
  void reconstructionAndPriorOfTheReferenceScheduleAreTheGoldenBits(int size) {
    Elbo elbo = new ContinuousTimeElbo(MaskingSchedule.reference());
    int length = 17;
    Vocabulary vocabulary = new Vocabulary(size);
    JsonNode expected = GoldenVectors.expected("units/recon_bits").get(String.valueOf(size));

    double reconstruction = elbo.reconstruction(length, vocabulary);
    double prior = elbo.prior(length, vocabulary);

    GoldenVectors.assertMatches(
        "units/recon_bits",
        "reconstruction",
        new ElboTerms(0, reconstruction, 0).bitsPerToken(length),
        expected);
    GoldenVectors.assertMatches(
        "units/recon_bits", "prior", new ElboTerms(0, 0, prior).bitsPerToken(length), expected);
  }

  @Test
  void meanAveragesEachTerm() {
    ElboTerms mean = ElboTerms.mean(List.of(new ElboTerms(1, 2, 3), new ElboTerms(5, 4, 1)));

    assertThat(mean).isEqualTo(new ElboTerms(3, 3, 2));
    assertThat(mean.total()).isCloseTo(8, within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void rejectsWhatCannotBe() {
    assertThatThrownBy(() -> ElboTerms.mean(List.of())).hasMessageContaining("at least one");
    assertThatThrownBy(() -> new ElboTerms(1, 1, 1).bitsPerToken(0))
        .hasMessage("length (0) must be at least 1");
    assertThatThrownBy(() -> new ElboTerms(1, -1, 0))
        .hasMessage("reconstruction (-1.0) must be at least 0 nats");
    assertThatThrownBy(() -> new ElboTerms(1, 0, -2))
        .hasMessage("prior (-2.0) must be at least 0 nats");
  }
}
