import java.nio.file.Path;
import java.util.List;
import org.md4j.core.CounterRandom;
import org.md4j.core.TokenBatch;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.data.text.TextFile;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.EventDrivenSampler;
import org.md4j.sampling.SamplingRequest;
import org.md4j.sampling.TimeGrid;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.train.Trainer;
import org.md4j.train.TrainerConfig;

/** README's example; what stands between the two marks is printed there, to the letter. */
final class Example {
  private Example() {}

  public static void main(String[] args) {
    // README: begin
    var text = TextFile.read(Path.of("novel.txt")).split(); // a to z and space
    var network = TransformerConfig.builder(27, 64).layers(2).heads(2).headSize(32).build().create(0);
    var training = TrainerConfig.builder(300, 32, 3e-3).optimizer(adamW -> adamW.warmupSteps(30).emaRate(0.98)).build();
    try (var trainer = new Trainer(network, new ContinuousTimeElbo(MaskingSchedule.reference()),
        text.train().windows(64), text.valid().chunks(64), training, List.of())) {
      System.out.println(trainer.train().validBits() + " bits a character");
      var sampler = EventDrivenSampler.ancestral(Decoding.of(MaskingSchedule.reference()), TimeGrid.cosine(64));
      var sample = trainer.withAveragedParameters(average -> sampler.sample(average,
          SamplingRequest.of(TokenBatch.allMasked(network.vocabulary(), 1, 64), new CounterRandom(0))));
      System.out.println(new Text27Tokenizer().decode(sample.tokens().row(0)));
    }
    // README: end
  }
}
