package org.md4j.data.image;

import java.util.ArrayList;
import java.util.List;
import org.md4j.data.DataException;

/** A set whose classes have the numbers that their names have in another set. A view. */
final class RenumberedClasses extends ImageView {
  private static final int MOST_NAMED = 5;

  private final List<String> names;
  private final int[] numbers;

  private RenumberedClasses(ImageSource all, List<String> names, int[] numbers) {
    super(all);
    this.names = names;
    this.numbers = numbers;
  }

  /**
   * Renumbers the classes of a set.
   *
   * @param names of the other set's classes, class 0 first
   * @throws DataException if the set has a class that is not among them
   */
  static ImageSource of(ImageSource all, List<String> names) {
    if (all.classNames().equals(names)) {
      return all;
    }
    List<String> unknown = new ArrayList<>(all.classNames());
    unknown.removeAll(names);
    if (!unknown.isEmpty()) {
      throw new DataException(
          "classes of %s must be among the %d known, got %s%s; known are %s"
              .formatted(
                  all.name(), names.size(), some(unknown), which(unknown.size()), some(names)));
    }
    int[] numbers = all.classNames().stream().mapToInt(names::indexOf).toArray();
    return new RenumberedClasses(all, List.copyOf(names), numbers);
  }

  private static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())))
        + (names.size() > MOST_NAMED ? ", ..." : "");
  }

  private static String which(int count) {
    return count == 1 ? ", which is not" : ", which are not";
  }

  @Override
  public List<String> classNames() {
    return names;
  }

  @Override
  public int label(long index) {
    return numbers[all().label(index)];
  }
}
