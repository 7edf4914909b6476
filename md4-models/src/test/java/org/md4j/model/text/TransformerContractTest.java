package org.md4j.model.text;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.md4j.contract.DenoiserContract;
import org.md4j.core.Denoiser;
import org.md4j.core.GuidedDenoiser;
import org.md4j.core.Vocabulary;
import org.md4j.models.contract.TrainableDenoiserContract;
import org.nd4j.linalg.api.buffer.DataType;

class TransformerContractTest {
  private static final TransformerConfig CONFIG =
      TransformerConfig.builder(5, 6).layers(2).heads(2).headSize(8).build();

  @Nested
  class WithoutClasses extends Contract {
    WithoutClasses() {
      super(CONFIG);
    }
  }

  @Nested
  class WithClasses extends Contract {
    WithClasses() {
      super(CONFIG.toBuilder().conditioning(told -> told.classes(2)).build());
    }
  }

  @Nested
  class Causal extends Contract {
    Causal() {
      super(CONFIG.toBuilder().attention(Attention.CAUSAL).build());
    }
  }

  @Nested
  class Convolving extends Contract {
    Convolving() {
      super(CONFIG.toBuilder().shortConvolution(5).build());
    }
  }

  @Nested
  class CausalAndConvolving extends Contract {
    CausalAndConvolving() {
      super(CONFIG.toBuilder().attention(Attention.CAUSAL).shortConvolution(5).build());
    }
  }

  @Nested
  class WithNgrams extends Contract {
    WithNgrams() {
      super(CONFIG.toBuilder().ngrams(NgramEmbedding.of(2, 3)).build());
    }
  }

  @Nested
  class CausalWithNgrams extends Contract {
    CausalWithNgrams() {
      super(CONFIG.toBuilder().attention(Attention.CAUSAL).ngrams(NgramEmbedding.of(2, 3)).build());
    }
  }

  @Nested
  class Guided extends Contract {
    Guided() {
      super(CONFIG.toBuilder().conditioning(told -> told.classes(2)).build());
    }

    @Override
    protected Denoiser denoiser() {
      return new GuidedDenoiser(super.denoiser(), classes(), 1.5);
    }
  }

  @Nested
  class Trained extends TrainedContract {
    Trained() {
      super(CONFIG.toBuilder().dropout(0.2).build());
    }
  }

  @Nested
  class TrainedWithClasses extends TrainedContract {
    TrainedWithClasses() {
      super(CONFIG.toBuilder().conditioning(told -> told.classes(2)).build());
    }
  }

  @Nested
  class TrainedWithShortConvolution extends TrainedContract {
    TrainedWithShortConvolution() {
      super(CONFIG.toBuilder().dropout(0.2).shortConvolution(3).build());
    }
  }

  @Nested
  class TrainedWithNgrams extends TrainedContract {
    TrainedWithNgrams() {
      super(CONFIG.toBuilder().ngrams(new NgramEmbedding(List.of(2), 12, 2)).build());
    }
  }

  /** The contract of networks that are trained, where central differences are exact. */
  private abstract static class TrainedContract extends TrainableDenoiserContract {
    private final TransformerDenoiser network;

    TrainedContract(TransformerConfig config) {
      network = TransformerDenoiserTest.scrambled(config, DataType.DOUBLE);
    }

    @Override
    protected TransformerDenoiser network() {
      return network;
    }
  }

  /** The contract on a network of some shape. */
  private abstract static class Contract extends DenoiserContract {
    private final TransformerDenoiser network;

    Contract(TransformerConfig config) {
      network = TransformerDenoiserTest.scrambled(config, DataType.FLOAT);
    }

    @Override
    protected Denoiser denoiser() {
      return network;
    }

    @Override
    protected Vocabulary vocabulary() {
      return network.vocabulary();
    }

    @Override
    protected int length() {
      return network.config().length();
    }

    @Override
    protected int classes() {
      return network.classes();
    }
  }
}
