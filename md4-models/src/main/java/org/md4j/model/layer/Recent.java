package org.md4j.model.layer;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets the entry used longest ago when it holds more than so many. */
final class Recent<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;
  private static final float LOAD_FACTOR = 0.75f;

  private final int most;

  Recent(int most) {
    super(most, LOAD_FACTOR, true);
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
