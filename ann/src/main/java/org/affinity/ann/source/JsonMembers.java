/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.ann.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.util.BytesRef;

/**
 * Finds members of a JSON document by their path, without parsing the rest: names joined by dots,
 * arrays left out, so {@code a.b} is found in {@code {"a": {"b": 1}}}, {@code {"a": [{"b": 1}]}}
 * and {@code {"a.b": 1}}.
 *
 * <p>For documents that a parser accepted. What is beyond plain JSON (comments, NaN), and names
 * with escapes, it does not try to understand: then members may not be found, but what is found is
 * a member.
 */
public final class JsonMembers {

  private static final int MAX_DEPTH = 200;

  private final byte[] json;
  private final int start;
  private final int end;
  private final Set<String> paths;
  private final Set<String> parents = new HashSet<>();
  private final List<Member> found = new ArrayList<>();
  private int at;

  /**
   * Where a member is, from the begin of the document.
   *
   * @param nameFrom the quote that opens its name
   * @param from the begin of its value
   * @param to the end of its value, exclusive
   */
  public record Member(String path, int nameFrom, int from, int to) {}

  /** The document is not what this class understands. */
  private static final class NotPlainJson extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotPlainJson() {
      super(null, null, false, false);
    }
  }

  private JsonMembers(BytesRef json, Set<String> paths) {
    this.json = json.bytes;
    this.start = json.offset;
    this.end = json.offset + json.length;
    this.at = start;
    this.paths = paths;
    for (String path : paths) {
      for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
        parents.add(path.substring(0, dot));
      }
    }
  }

  /** The members at any of the paths, in the order of the document; empty if it is not JSON. */
  public static List<Member> find(BytesRef json, Set<String> paths) {
    JsonMembers members = new JsonMembers(json, paths);
    try {
      if (members.next() != '{') {
        return List.of();
      }
      members.at++;
      members.object("", 0);
    } catch (NotPlainJson e) {
      return List.of();
    }
    return members.found;
  }

  /** The document without the members at any of the paths; the same instance if there are none. */
  public static BytesRef without(BytesRef json, Set<String> paths) {
    List<Member> members = find(json, paths);
    if (members.isEmpty()) {
      return json;
    }
    byte[] out = new byte[json.length];
    int length = 0;
    int position = 0;
    for (Member member : members) {
      int kept = member.nameFrom() - position;
      System.arraycopy(json.bytes, json.offset + position, out, length, kept);
      length += kept;
      position = member.to();
      while (isSpace(json.bytes[json.offset + position])) {
        position++;
      }
      if (json.bytes[json.offset + position] == ',') {
        position++;
      } else {
        length = withoutComma(out, length);
      }
    }
    System.arraycopy(json.bytes, json.offset + position, out, length, json.length - position);
    return new BytesRef(out, 0, length + json.length - position);
  }

  private static int withoutComma(byte[] out, int length) {
    int last = length;
    while (isSpace(out[last - 1])) {
      last--;
    }
    return out[last - 1] == ',' ? last - 1 : length;
  }

  /** Reads from behind the opening brace to behind the closing one. */
  private void object(String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw new NotPlainJson();
    }
    if (next() == '}') {
      at++;
      return;
    }
    at--;
    do {
      at++;
      at = spaces(at);
      int nameFrom = at;
      String name = name();
      String full = path.isEmpty() ? name : path + "." + name;
      if (next() != ':') {
        throw new NotPlainJson();
      }
      at = spaces(at + 1);
      int from = at;
      if (name != null && paths.contains(full)) {
        skip();
        found.add(new Member(full, nameFrom - start, from - start, at - start));
      } else if (name != null && parents.contains(full)) {
        descend(full, depth + 1);
      } else {
        skip();
      }
    } while (next() == ',');
    if (byteAt(at++) != '}') {
      throw new NotPlainJson();
    }
  }

  private void descend(String path, int depth) {
    int first = byteAt(at);
    if (first == '{') {
      at++;
      object(path, depth);
    } else if (first == '[') {
      array(path, depth);
    } else {
      skip();
    }
  }

  private void array(String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw new NotPlainJson();
    }
    at++;
    if (next() == ']') {
      at++;
      return;
    }
    at--;
    do {
      at = spaces(at + 1);
      descend(path, depth + 1);
    } while (next() == ',');
    if (byteAt(at++) != ']') {
      throw new NotPlainJson();
    }
  }

  /** The name the position stands on, null if it has escapes; moves behind it. */
  private String name() {
    int from = at + 1;
    boolean plain = string();
    return plain ? new String(json, from, at - 1 - from, StandardCharsets.UTF_8) : null;
  }

  /** Moves behind a string; tells whether it has no escapes. */
  private boolean string() {
    if (byteAt(at++) != '"') {
      throw new NotPlainJson();
    }
    boolean plain = true;
    while (true) {
      int b = byteAt(at++);
      if (b == '"') {
        return plain;
      }
      if (b == '\\') {
        plain = false;
        at++;
      }
    }
  }

  /** Moves behind a value of any kind. */
  private void skip() {
    int depth = 0;
    do {
      int b = byteAt(at);
      switch (b) {
        case '"' -> string();
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        case ',', ':', ' ', '\t', '\n', '\r' -> {
          if (depth == 0) {
            throw new NotPlainJson();
          }
          at++;
        }
        default -> scalar();
      }
    } while (depth > 0);
    if (depth < 0) {
      throw new NotPlainJson();
    }
  }

  private void scalar() {
    int from = at;
    while (at < end && isScalar(json[at])) {
      at++;
    }
    if (at == from) {
      throw new NotPlainJson();
    }
  }

  /** Digits, signs, exponents, and the letters of true, false and null. */
  private static boolean isScalar(byte b) {
    return (b >= '0' && b <= '9')
        || switch (b) {
          case '+', '-', '.', 'E', 'a', 'e', 'f', 'l', 'n', 'r', 's', 't', 'u' -> true;
          default -> false;
        };
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }

  private int spaces(int position) {
    int p = position;
    while (p < end && isSpace(json[p])) {
      p++;
    }
    return p;
  }

  /** Moves to the next byte that is no space. */
  private int next() {
    at = spaces(at);
    return byteAt(at);
  }

  private int byteAt(int position) {
    if (position >= end) {
      throw new NotPlainJson();
    }
    return json[position];
  }
}
