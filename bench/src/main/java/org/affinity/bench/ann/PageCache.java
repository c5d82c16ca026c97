/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.ann;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Takes files out of Linux's page cache: their pages are first dropped from this process's own
 * mappings ({@code madvise}), else the kernel keeps them, then from the cache ({@code
 * posix_fadvise}).
 */
final class PageCache {

  private static final int MADV_DONTNEED = 4;
  private static final int POSIX_FADV_DONTNEED = 4;
  private static final int O_RDONLY = 0;

  private final MethodHandle open;
  private final MethodHandle close;
  private final MethodHandle advise;
  private final MethodHandle madvise;

  @SuppressWarnings("restricted") // What calls the C library is.
  PageCache() {
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    open =
        linker.downcallHandle(
            library.find("open").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    close =
        linker.downcallHandle(
            library.find("close").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    advise =
        linker.downcallHandle(
            library.find("posix_fadvise").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
    madvise =
        linker.downcallHandle(
            library.find("madvise").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
  }

  /** Whether this machine lets us. */
  static boolean isSupported() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
  }

  /** Takes the files of a folder whose names end so out of the cache. */
  void evict(Path folder, String suffix) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(suffix)).toList();
    }
    List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
    for (Path file : files) {
      evict(file.toRealPath(), maps);
    }
  }

  private void evict(Path file, List<String> maps) throws IOException {
    // Only clean pages are dropped.
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(false);
    }
    try (Arena arena = Arena.ofConfined()) {
      for (String line : maps) {
        if (line.endsWith(" " + file)) {
          int dash = line.indexOf('-');
          long start = Long.parseUnsignedLong(line.substring(0, dash), 16);
          long end = Long.parseUnsignedLong(line.substring(dash + 1, line.indexOf(' ')), 16);
          check("madvise", (int) madvise.invokeExact(start, end - start, MADV_DONTNEED), file);
        }
      }
      MemorySegment name = arena.allocateFrom(file.toString());
      int descriptor = (int) open.invokeExact(name, O_RDONLY);
      check("open", Math.min(0, descriptor), file);
      int advised = (int) advise.invokeExact(descriptor, 0L, 0L, POSIX_FADV_DONTNEED);
      int closed = (int) close.invokeExact(descriptor);
      check("posix_fadvise", advised, file);
      check("close", closed, file);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void check(String call, int result, Path file) throws IOException {
    if (result != 0) {
      throw new IOException(call + " failed on " + file + ": " + result);
    }
  }
}
