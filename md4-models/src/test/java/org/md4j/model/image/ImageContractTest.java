package org.md4j.model.image;

import org.junit.jupiter.api.Nested;
import org.md4j.contract.DenoiserContract;
import org.md4j.core.Denoiser;
import org.md4j.core.Vocabulary;
import org.md4j.models.contract.TrainableDenoiserContract;
import org.nd4j.linalg.api.buffer.DataType;

class ImageContractTest {
  @Nested
  class Pyramid extends Contract {
    Pyramid() {
      super(UNets.pyramid());
    }
  }

  @Nested
  class PyramidWithClasses extends Contract {
    PyramidWithClasses() {
      super(UNets.pyramid().toBuilder().conditioning(told -> told.classes(2)).build());
    }
  }

  @Nested
  class Transformer extends Contract {
    Transformer() {
      super(UNets.transformer());
    }
  }

  @Nested
  class SmoothPyramid extends Contract {
    SmoothPyramid() {
      super(UNets.smooth(UNets.pyramid()));
    }
  }

  @Nested
  class TransformerWithShortConvolution extends Contract {
    TransformerWithShortConvolution() {
      super(UNets.transformer(3));
    }
  }

  @Nested
  class TrainedTransformerWithShortConvolution extends TrainedContract {
    TrainedTransformerWithShortConvolution() {
      super(UNets.transformer(5));
    }
  }

  @Nested
  class TrainedSmoothTransformer extends TrainedContract {
    TrainedSmoothTransformer() {
      super(UNets.smooth(UNets.transformer()));
    }
  }

  @Nested
  class PredictiveTransformer extends Contract {
    PredictiveTransformer() {
      super(UNets.predictive(UNets.transformer()));
    }
  }

  @Nested
  class TrainedPredictivePyramid extends TrainedContract {
    TrainedPredictivePyramid() {
      super(UNets.predictive(UNets.pyramid()));
    }
  }

  @Nested
  class TrainedPyramid extends TrainedContract {
    TrainedPyramid() {
      super(UNets.pyramid());
    }
  }

  @Nested
  class TrainedTransformerWithClasses extends TrainedContract {
    TrainedTransformerWithClasses() {
      super(UNets.transformer().toBuilder().conditioning(told -> told.classes(2)).build());
    }
  }

  /** The contract of networks that are trained, where central differences are exact. */
  private abstract static class TrainedContract extends TrainableDenoiserContract {
    private final ImageDenoiser network;

    TrainedContract(UNetConfig config) {
      network = UNets.scrambled(config, DataType.DOUBLE);
    }

    @Override
    protected ImageDenoiser network() {
      return network;
    }
  }

  /** The contract on a network of some shape. */
  private abstract static class Contract extends DenoiserContract {
    private final ImageDenoiser network;

    Contract(UNetConfig config) {
      network = UNets.scrambled(config, DataType.FLOAT);
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
