package org.md4j.site;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A link that leads nowhere.
 *
 * @param page the page it is on, relative to the site
 * @param target what the page says, to the letter
 * @param reason why it leads nowhere, as the end of a sentence
 */
record BrokenLink(String page, String target, String reason) {

  /** Prints one link a line. */
  static String lines(List<BrokenLink> links) {
    return links.stream().map(BrokenLink::toString).collect(Collectors.joining("\n"));
  }

  @Override
  public String toString() {
    return "%s: \"%s\" %s".formatted(page, target, reason);
  }
}
