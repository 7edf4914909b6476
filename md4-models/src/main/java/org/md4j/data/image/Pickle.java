package org.md4j.data.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;

/**
 * A pickled dictionary of lists of small numbers and NumPy arrays of bytes, as the Python version
 * of CIFAR-10 is: the instructions of protocols 0 to 5 that such a file has.
 *
 * <p>Nothing in the file is run. What Python would call is kept as its arguments, and of an array
 * only the place of its bytes: long strings stay in the file.
 */
final class Pickle {
  /** Strings of more bytes are not read. */
  private static final int LONG = 1 << 10;

  private static final Object MARK = new Object();

  private final String name;
  private final DataInputStream in;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private Map<Object, Object> dictionary = Map.of();
  private long position;

  private Pickle(FilePart file) {
    this.name = file.name();
    this.in = new DataInputStream(new BufferedInputStream(file.stream(), 1 << 16));
  }

  /**
   * A long string that stays where it is.
   *
   * @param offset of its first byte in the file
   * @param size bytes
   */
  record Bytes(long offset, long size) {}

  /** What Python would make by a call: its arguments, and the state set afterwards. */
  private static final class Call {
    private @Nullable Object state;
  }

  /** In place of None. */
  private enum None {
    NONE
  }

  /** Reads a dictionary. */
  static Pickle read(FilePart file) {
    Pickle pickle = new Pickle(file);
    try {
      pickle.run();
    } catch (EOFException e) {
      throw new DataException(pickle.name + " is cut off", e);
    } catch (IOException e) {
      throw new DataException(
          "%s must be a pickled dictionary as CIFAR-10 has: %s"
              .formatted(pickle.name, FailureText.reason(e)),
          e);
    }
    return pickle;
  }

  /** The bytes of an array of unsigned bytes in C order. */
  Bytes array(String key) {
    if (dictionary.get(key) instanceof Call call
        && call.state instanceof List<?> state
        && state.size() == 5
        && Boolean.FALSE.equals(state.get(3))
        && state.get(4) instanceof Bytes bytes) {
      return bytes;
    }
    throw new DataException(
        "%s must have an array of bytes in C order as its %s".formatted(name, key));
  }

  /** A list of numbers. */
  List<Integer> integers(String key) {
    List<Integer> numbers = new ArrayList<>();
    if (dictionary.get(key) instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Integer number) {
          numbers.add(number);
        }
      }
      if (numbers.size() == list.size()) {
        return numbers;
      }
    }
    throw new DataException("%s must have a list of whole numbers as its %s".formatted(name, key));
  }

  private void run() throws IOException {
    for (int code = next(); code != '.'; code = next()) {
      step(code);
    }
    if (!(pop() instanceof Map<?, ?> map)) {
      throw new IOException("it holds no dictionary");
    }
    dictionary = new HashMap<>(map);
  }

  private void step(int code) throws IOException {
    switch (code) {
      case 0x80 -> skip(1); // PROTO
      case 0x95 -> skip(8); // FRAME
      case '(' -> stack.push(MARK);
      case 'N' -> stack.push(None.NONE);
      case 0x88 -> stack.push(true);
      case 0x89 -> stack.push(false);
      case '}' -> stack.push(new HashMap<>());
      case ']', ')' -> stack.push(new ArrayList<>());
      case 'K' -> stack.push(next());
      case 'M' -> stack.push((int) number(2));
      case 'J' -> stack.push((int) number(4));
      case 'U', 'C', 0x8C -> stack.push(string(number(1)));
      case 'T', 'B', 'X' -> stack.push(string(number(4)));
      case 0x8D, 0x8E -> stack.push(string(number(8)));
      case 'c' -> stack.push(line() + " " + line());
      case 0x93 -> {
        Object attribute = pop();
        stack.push(name(pop()) + " " + name(attribute));
      }
      case 'q' -> memo.put(next(), top());
      case 'r' -> memo.put((int) number(4), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> stack.push(remembered(next()));
      case 'j' -> stack.push(remembered((int) number(4)));
      case 0x85 -> stack.push(last(1));
      case 0x86 -> stack.push(last(2));
      case 0x87 -> stack.push(last(3));
      case 't' -> stack.push(marked());
      case 'a' -> {
        Object element = pop();
        list().add(element);
      }
      case 'e' -> {
        List<Object> elements = marked();
        list().addAll(elements);
      }
      case 's' -> {
        List<Object> entry = last(2);
        put(entry);
      }
      case 'u' -> {
        List<Object> entries = marked();
        put(entries);
      }
      case 'R' -> {
        last(2);
        stack.push(new Call());
      }
      case 'b' -> {
        Object state = pop();
        if (!(top() instanceof Call call)) {
          throw new IOException("a state has no object");
        }
        call.state = state;
      }
      default ->
          throw new IOException(
              "instruction 0x%02X at byte %d is not known".formatted(code, position - 1));
    }
  }

  /** A part of the name of what Python would call. */
  private static String name(Object part) throws IOException {
    if (part instanceof String text && text.length() <= LONG) {
      return text;
    }
    throw new IOException("a name is no short text");
  }

  private int next() throws IOException {
    position++;
    return in.readUnsignedByte();
  }

  /** Little-endian, without a sign. */
  private long number(int bytes) throws IOException {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (long) next() << (8 * i);
    }
    return number;
  }

  private Object string(long size) throws IOException {
    if (size < 0) {
      throw new IOException("a string has %d bytes".formatted(size));
    }
    if (size > LONG) {
      Bytes bytes = new Bytes(position, size);
      skip(size);
      return bytes;
    }
    byte[] content = new byte[(int) size];
    in.readFully(content);
    position += size;
    return new String(content, ISO_8859_1);
  }

  private void skip(long size) throws IOException {
    in.skipNBytes(size);
    position += size;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = next(); c != '\n'; c = next()) {
      line.append((char) c);
      if (line.length() > LONG) {
        throw new IOException("a name is too long");
      }
    }
    return line.toString();
  }

  private Object top() throws IOException {
    if (stack.isEmpty()) {
      throw new IOException("an instruction lacks its operand");
    }
    return Objects.requireNonNull(stack.peek());
  }

  private Object pop() throws IOException {
    Object top = top();
    stack.pop();
    return top;
  }

  private Object remembered(int key) throws IOException {
    Object value = memo.get(key);
    if (value == null) {
      throw new IOException("entry " + key + " was not remembered");
    }
    return value;
  }

  /** The last few operands, in the order they were put there. */
  private List<Object> last(int count) throws IOException {
    List<Object> operands = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      operands.add(0, pop());
    }
    return operands;
  }

  private List<Object> marked() throws IOException {
    Deque<Object> operands = new ArrayDeque<>();
    for (Object operand = pop(); operand != MARK; operand = pop()) {
      operands.push(operand);
    }
    return new ArrayList<>(operands);
  }

  @SuppressWarnings("unchecked") // Every list on the stack was made here, of objects.
  private List<Object> list() throws IOException {
    if (top() instanceof List<?> list) {
      return (List<Object>) list;
    }
    throw new IOException("an element has no list");
  }

  @SuppressWarnings("unchecked") // Every map on the stack was made here, of objects.
  private void put(List<Object> entries) throws IOException {
    if (!(top() instanceof Map<?, ?> map) || entries.size() % 2 != 0) {
      throw new IOException("an entry has no dictionary");
    }
    for (int i = 0; i < entries.size(); i += 2) {
      if (!(entries.get(i) instanceof String)) {
        throw new IOException("a key of a dictionary is no text");
      }
      ((Map<Object, Object>) map).put(entries.get(i), entries.get(i + 1));
    }
  }
}
