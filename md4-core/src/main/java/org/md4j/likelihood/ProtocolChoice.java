package org.md4j.likelihood;

import java.util.List;

/**
 * The choice among protocols measured on the same text, the cheapest for a given error first.
 *
 * <p>The pilots chose: do not report one of their numbers, measure anew with another seed.
 *
 * @param pilots one estimate a candidate, ascending in {@link
 *     LikelihoodEstimate#variancePerEvaluation}; at least one
 */
public record ProtocolChoice(List<LikelihoodEstimate> pilots) {
  /** Copies the list and rejects an empty one. */
  public ProtocolChoice {
    pilots = List.copyOf(pilots);
    if (pilots.isEmpty()) {
      throw new IllegalArgumentException("pilots must hold at least one estimate, got none");
    }
  }

  /** The protocol of the least variance per evaluation. */
  public LikelihoodProtocol protocol() {
    return pilots.get(0).protocol();
  }
}
