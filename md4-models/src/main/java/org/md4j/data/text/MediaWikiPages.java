package org.md4j.data.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.md4j.data.DataException;

/**
 * The articles in a dump of MediaWiki, such as Wikipedia's {@code pages-articles.xml}: each a
 * document of its title, an empty line, and its text without markup. Redirects and pages of other
 * name spaces than the articles' are left out.
 */
final class MediaWikiPages implements FilePassages {
  private static final String ARTICLES = "0";

  /** The numbers of the name spaces of files and of categories. */
  private static final Set<String> HIDDEN_KEYS = Set.of("6", "14");

  private final String name;
  private final InputStream plain;
  private final XMLStreamReader xml;

  /** Names of this wiki's name spaces of files and categories, in small letters. */
  private final Set<String> hidden = new HashSet<>();

  MediaWikiPages(String name, InputStream plain) throws IOException {
    this.name = name;
    this.plain = plain;
    try {
      xml = factory().createXMLStreamReader(new StrictReader(name, plain));
    } catch (XMLStreamException e) {
      throw wrong(e);
    }
  }

  /** A factory of readers that follow no reference out of the file and hold texts whole. */
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    // The limit of all text there is in a file, which a dump exceeds; nothing here expands.
    factory.setProperty("jdk.xml.totalEntitySizeLimit", 0);
    factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", 0);
    factory.setProperty("jdk.xml.entityExpansionLimit", 0);
    return factory;
  }

  @Override
  public @Nullable Passage next() throws IOException {
    try {
      while (xml.hasNext()) {
        if (xml.next() != XMLStreamConstants.START_ELEMENT) {
          continue;
        }
        if (xml.getLocalName().equals("namespace")
            && HIDDEN_KEYS.contains(String.valueOf(xml.getAttributeValue(null, "key")))) {
          hidden.add(xml.getElementText().toLowerCase(Locale.ROOT));
        } else if (xml.getLocalName().equals("page")) {
          Passage article = page();
          if (article != null) {
            return article;
          }
        }
      }
      return null;
    } catch (XMLStreamException e) {
      throw wrong(e);
    }
  }

  /** Reads a page to its end; null if it is no article. */
  private @Nullable Passage page() throws XMLStreamException {
    String title = "";
    String space = ARTICLES;
    String text = "";
    boolean redirect = false;
    for (int event = xml.next(); !isEndOfPage(event); event = xml.next()) {
      if (event != XMLStreamConstants.START_ELEMENT) {
        continue;
      }
      switch (xml.getLocalName()) {
        case "title" -> title = xml.getElementText();
        case "ns" -> space = xml.getElementText();
        case "text" -> text = xml.getElementText();
        case "redirect" -> redirect = true;
        default -> {}
      }
    }
    if (redirect || !space.equals(ARTICLES) || text.regionMatches(true, 0, "#REDIRECT", 0, 9)) {
      return null;
    }
    return new Passage(title + "\n\n" + WikiMarkup.plain(text, hidden), true);
  }

  private boolean isEndOfPage(int event) {
    return event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("page");
  }

  /** The parser gives a failure of the stream beneath it as a cause. */
  private DataException wrong(XMLStreamException e) throws IOException {
    if (e.getNestedException() instanceof IOException failure) {
      throw failure;
    }
    return new DataException(
        "%s must be a whole dump of MediaWiki, in XML; at line %d, column %d: %s"
            .formatted(
                name,
                e.getLocation() == null ? 0 : e.getLocation().getLineNumber(),
                e.getLocation() == null ? 0 : e.getLocation().getColumnNumber(),
                String.valueOf(e.getMessage()).lines().reduce("", (first, last) -> last)),
        e);
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }
}
