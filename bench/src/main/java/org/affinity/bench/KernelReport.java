/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.affinity.bench.report.ReportCommand;
import org.affinity.quantization.simd.BlockLayout;
import org.affinity.quantization.simd.BlockSums;
import org.affinity.quantization.simd.Centroids;
import org.affinity.quantization.simd.KernelSelection;
import org.affinity.quantization.simd.Kernels;
import picocli.CommandLine;

/**
 * Nanoseconds of the hot loops, as ratios r to a float dot product of 256 dimensions in the same
 * rounds, and against the bars the design set. Run it in a fresh JVM: what ran before matters.
 */
@CommandLine.Command(
    name = "kernels",
    mixinStandardHelpOptions = true,
    description = "Speed of the hot loops of product quantization against their bars.")
public final class KernelReport extends ReportCommand {

  private static final int L2_BYTES = 512 * 1024;

  @CommandLine.Option(
      names = "--kernels",
      description = "scalar, vector256 or vector512; else the best of this machine.")
  private String wanted;

  @CommandLine.Option(names = "--ram", description = "MB read from RAM.", defaultValue = "512")
  private int megabytes;

  @CommandLine.Option(names = "--rounds", description = "Rounds.", defaultValue = "15")
  private int rounds;

  @CommandLine.Option(names = "--quick", description = "A tiny run that only shows it works.")
  private boolean quick;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes FILE (.json), and .md beside it.")
  private Path out;

  private final Map<String, KernelTimer.Result> results = new LinkedHashMap<>();
  private final Random random = new Random(3);

  /** A measured value and what it should be. */
  record Bar(String name, double value, String should, boolean met) {}

  /** Starts the report. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new KernelReport()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    refuseIf(rounds < 1, "--rounds must be at least 1");
    refuseUnlessJson(out);
    Kernels kernels = KernelSelection.best();
    for (Kernels usable : KernelSelection.usable()) {
      kernels = usable.name().equals(wanted) ? usable : kernels;
    }
    Kernels scalar = KernelSelection.usable().get(0);
    KernelTimer timer = new KernelTimer(quick, quick ? 1 : rounds);
    try (Arena arena = Arena.ofShared()) {
      KernelData small = KernelData.random(quick ? 64 * 1024 : L2_BYTES, arena);
      List<KernelTimer.Task> tasks = new ArrayList<>();
      scans(kernels, small, "L2", tasks);
      for (int[] code : new int[][] {{8, 16}, {8, 32}, {4, 64}}) {
        tasks.add(innerLoop(kernels, small, code[0], code[1]));
      }
      for (int[] code : new int[][] {{8, 32}, {6, 32}, {4, 64}}) {
        Scan scan = new Scan(scalar, small, code[0], code[1]);
        tasks.add(scan.task("scan" + code[0] + " m=" + code[1] + " L2 heap scalar", scan::heap));
      }
      randomAccess(kernels, small, "L2", tasks);
      nearest(kernels, tasks);
      nearest(scalar, tasks);
      add(timer.measure(tasks), "");
      pollute(kernels, small);
      tasks.clear();
      scans(kernels, small, "L2", tasks);
      tasks.removeIf(task -> task.name().endsWith("heap"));
      add(timer.measure(tasks), " polluted");
      KernelData large = KernelData.random(quick ? 1 << 20 : megabytes << 20, arena);
      tasks.clear();
      ram(kernels, large, tasks);
      add(timer.measure(tasks), "");
    }
    List<Bar> bars = bars();
    print(kernels, bars);
    commandLine().getOut().println("checksum " + timer.checksum());
    write(kernels, bars);
    return 0;
  }

  private void add(List<KernelTimer.Result> measured, String suffix) {
    measured.forEach(result -> results.put(result.name() + suffix, result));
  }

  private void scans(Kernels kernels, KernelData data, String set, List<KernelTimer.Task> tasks) {
    int[][] codes = {
      {8, 8}, {8, 16}, {8, 32}, {8, 64}, {6, 32}, {6, 64}, {4, 32}, {4, 64}, {4, 128}
    };
    for (int[] code : codes) {
      Scan scan = new Scan(kernels, data, code[0], code[1]);
      String name = "scan" + code[0] + " m=" + code[1] + " " + set;
      tasks.add(scan.task(name + " heap", scan::heap));
      tasks.add(scan.task(name + " native", scan::offHeap));
      tasks.add(scan.task(name + " mapped", scan::mapped));
    }
  }

  private void ram(Kernels kernels, KernelData data, List<KernelTimer.Task> tasks) {
    int lines = (int) (data.mapped().byteSize() / 64);
    tasks.add(
        new KernelTimer.Task(
            "stream RAM mapped",
            units -> KernelReference.read(data.mapped(), 0, units * 64L),
            lines,
            64));
    for (int[] code : new int[][] {{8, 16}, {8, 32}, {6, 32}, {4, 64}}) {
      Scan scan = new Scan(kernels, data, code[0], code[1]);
      String name = "scan" + code[0] + " m=" + code[1] + " RAM";
      tasks.add(scan.task(name + " mapped", scan::mapped));
      tasks.add(scan.task(name + " native", scan::offHeap));
      tasks.add(scan.task(name + " heap", scan::heap));
    }
    randomAccess(kernels, data, "RAM", tasks);
  }

  /** Blocks one after the other with a threshold nothing reaches. */
  private final class Scan {
    private final Kernels kernels;
    private final KernelData data;
    private final int bits;
    private final int rows;
    private final byte[] table;
    private final BlockSums sums = new BlockSums();
    private int threshold = 65535;

    Scan(Kernels kernels, KernelData data, int bits, int m) {
      this.kernels = kernels;
      this.data = data;
      this.bits = bits;
      this.rows = BlockLayout.codeLength(m, bits);
      this.table = new byte[BlockLayout.tableLength(m, bits)];
      for (int subspace = 0; subspace < m; subspace++) {
        for (int c = 0; c < 1 << bits; c++) {
          BlockLayout.setEntry(table, bits, subspace, c, random.nextInt(bits == 4 ? 128 : 256));
        }
      }
    }

    KernelTimer.Task task(String name, KernelTimer.Loop loop) {
      return new KernelTimer.Task(name, loop, data.blocks(rows) * BlockLayout.VECTORS, rows);
    }

    long heap(int vectors) {
      long found = 0;
      int length = rows * BlockLayout.VECTORS;
      for (int b = 0, o = 0; b < vectors; b += BlockLayout.VECTORS, o += length) {
        found += kernels.scan(bits, data.heap(), o, rows, table, threshold, sums) ? 1 : 0;
      }
      return found;
    }

    long offHeap(int vectors) {
      return segment(data.offHeap(), vectors);
    }

    long mapped(int vectors) {
      return segment(data.mapped(), vectors);
    }

    private long segment(MemorySegment codes, int vectors) {
      long found = 0;
      long length = (long) rows * BlockLayout.VECTORS;
      long o = 0;
      for (int b = 0; b < vectors; b += BlockLayout.VECTORS, o += length) {
        found += kernels.scan(bits, codes, o, rows, table, threshold, sums) ? 1 : 0;
      }
      return found;
    }

    /** A threshold that one block in twenty reaches. */
    void selective() {
      int blocks = data.blocks(rows);
      int[] best = new int[blocks];
      for (int b = 0; b < blocks; b++) {
        kernels.scan(bits, data.heap(), b * rows * BlockLayout.VECTORS, rows, table, 0, sums);
        for (int vector = 0; vector < BlockLayout.VECTORS; vector++) {
          best[b] = Math.max(best[b], sums.sum(vector));
        }
      }
      Arrays.sort(best);
      threshold = best[blocks - 1 - blocks / 20];
    }

    /** What a search does: estimates of the competitive vectors, compared as floats. */
    long search(int vectors) {
      float least = threshold * 0.25f + 1.5f;
      long found = 0;
      long length = (long) rows * BlockLayout.VECTORS;
      long o = 0;
      for (int b = 0; b < vectors; b += BlockLayout.VECTORS, o += length) {
        if (kernels.scan(bits, data.mapped(), o, rows, table, threshold, sums)) {
          found += collect(sums.mask0, 0, least) + collect(sums.mask1, 64, least);
        }
      }
      return found;
    }

    private int collect(long mask, int first, float least) {
      int found = 0;
      for (long left = mask; left != 0; left &= left - 1) {
        int vector = first + Long.numberOfTrailingZeros(left);
        if (sums.sum(vector) * 0.25f + 1.5f >= least) {
          found++;
        }
      }
      return found;
    }
  }

  private KernelTimer.Task innerLoop(Kernels kernels, KernelData data, int bits, int m) {
    Scan scan = new Scan(kernels, data, bits, m);
    scan.selective();
    return scan.task("search" + bits + " m=" + m + " L2 mapped", scan::search);
  }

  private void randomAccess(
      Kernels kernels, KernelData data, String set, List<KernelTimer.Task> tasks) {
    for (int m : new int[] {16, 32}) {
      float[] table = new float[m * 256];
      for (int i = 0; i < table.length; i++) {
        table[i] = random.nextFloat();
      }
      int size = data.heap().length / m;
      int[] offsets = new int[Math.min(size, 1 << 16) & ~3];
      for (int i = 0; i < offsets.length; i++) {
        offsets[i] = random.nextInt(size) * m;
      }
      float[] sums = new float[4];
      String name = "sum4 m=" + m + " " + set;
      tasks.add(
          new KernelTimer.Task(
              name + " heap",
              units -> {
                float best = 0;
                for (int i = 0; i < units; i += 4) {
                  kernels.sum4(
                      8,
                      table,
                      data.heap(),
                      offsets[i],
                      offsets[i + 1],
                      offsets[i + 2],
                      offsets[i + 3],
                      m,
                      sums,
                      0);
                  best += sums[0];
                }
                return (long) best;
              },
              offsets.length,
              m));
      tasks.add(
          new KernelTimer.Task(
              name + " mapped",
              units -> {
                float best = 0;
                for (int i = 0; i < units; i += 4) {
                  kernels.sum4(
                      8,
                      table,
                      data.mapped(),
                      offsets[i],
                      offsets[i + 1],
                      offsets[i + 2],
                      offsets[i + 3],
                      m,
                      sums,
                      0);
                  best += sums[0];
                }
                return (long) best;
              },
              offsets.length,
              m));
    }
  }

  private void nearest(Kernels kernels, List<KernelTimer.Task> tasks) {
    for (int dimension : new int[] {4, 8}) {
      int count = 2048;
      float[] rows = new float[256 * dimension];
      float[] points = new float[count * dimension];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (float) random.nextGaussian();
      }
      for (int i = 0; i < points.length; i++) {
        points[i] = (float) random.nextGaussian();
      }
      Centroids centroids = Centroids.transposed(rows, 0, dimension, 256);
      int[] assignment = new int[count];
      float[] minimum = new float[count];
      String name = kernels.name().equals("scalar") ? " scalar" : "";
      tasks.add(
          new KernelTimer.Task(
              "nearest many k=256 d=" + dimension + name,
              units -> {
                kernels.nearest(points, 0, dimension, units, centroids, assignment, 0, minimum);
                return assignment[0];
              },
              count,
              4.0 * dimension));
      tasks.add(
          new KernelTimer.Task(
              "nearest one k=256 d=" + dimension + name,
              units -> {
                long sum = 0;
                for (int i = 0; i < units; i++) {
                  sum += kernels.nearest(points, i * dimension, centroids);
                }
                return sum;
              },
              count,
              4.0 * dimension));
    }
  }

  /** Makes the type profiles of all accesses to segments useless, as Lucene does. */
  private void pollute(Kernels kernels, KernelData data) {
    List<MemorySegment> segments =
        List.of(MemorySegment.ofArray(data.heap()), data.offHeap(), data.mapped());
    byte[] table = new byte[BlockLayout.tableLength(16, 8)];
    float[] floats = new float[16 * 256];
    BlockSums sums = new BlockSums();
    long sink = 0;
    for (int i = 0; i < (quick ? 10 : 20_000); i++) {
      for (MemorySegment segment : segments) {
        sink += KernelReference.stream(segment, 0, 8192);
        for (int bits : new int[] {4, 6, 8}) {
          int rows = bits == 6 ? 12 : 16;
          sink += kernels.scan(bits, segment, 0, rows, table, i & 1, sums) ? 1 : 0;
        }
        sink += (long) kernels.sum(8, floats, segment, 0, 16);
      }
    }
    if (sink == 42) {
      throw new IllegalStateException("never");
    }
  }

  private List<Bar> bars() {
    List<Bar> bars = new ArrayList<>();
    for (String memory : new String[] {"heap", "native", "mapped"}) {
      atMost(bars, "scan8 m=32 L2 " + memory, 0.07);
      atMost(bars, "scan8 m=16 L2 " + memory, 0.045);
      atMost(bars, "scan4 m=64 L2 " + memory, 0.06);
    }
    for (String code : new String[] {"8 m=16", "8 m=32", "4 m=64"}) {
      double value = ratio("search" + code + " L2 mapped") / ratio("scan" + code + " L2 mapped");
      bars.add(new Bar("search" + code + " / bare", value, "<= 1.6", value <= 1.6));
    }
    for (String code : new String[] {"8 m=16", "8 m=32", "4 m=64"}) {
      String name = "scan" + code + " RAM mapped";
      double value = results.get(name).gigabytesPerSecond();
      bars.add(new Bar(name + " GB/s", value, ">= 17", value >= 17));
    }
    atMost(bars, "sum4 m=16 L2 heap", 1.1);
    atMost(bars, "sum4 m=16 L2 mapped", 1.1);
    for (String name : List.copyOf(results.keySet())) {
      if (name.endsWith(" polluted")) {
        String clean = name.substring(0, name.length() - " polluted".length());
        double value = ratio(clean) / ratio(name);
        bars.add(new Bar(name + " / clean speed", value, ">= 0.70", value >= 0.7));
      }
    }
    double nanos = results.get("nearest many k=256 d=4").nanos();
    bars.add(new Bar("nearest many k=256 d=4 ns", nanos, "<= 80", nanos <= 80));
    return bars;
  }

  private double ratio(String name) {
    return results.get(name).ratio();
  }

  private void atMost(List<Bar> bars, String name, double limit) {
    bars.add(new Bar(name + " r", ratio(name), "<= " + limit, ratio(name) <= limit));
  }

  private void print(Kernels kernels, List<Bar> bars) {
    say(kernels.name() + " on Java " + Runtime.version());
    row("| loop | ns | r | GB/s | B allocated |");
    row("| --- | --- | --- | --- | --- |");
    results.forEach(
        (name, result) ->
            row(
                "| %s | %.3f | %.4f | %.1f | %.1f |",
                name,
                result.nanos(),
                result.ratio(),
                result.gigabytesPerSecond(),
                result.allocatedBytes()));
    row("");
    row("| bar | value | should be | met |");
    row("| --- | --- | --- | --- |");
    for (Bar bar : bars) {
      row(
          "| %s | %.3f | %s | %s |",
          bar.name(), bar.value(), bar.should(), bar.met() ? "yes" : "no");
    }
  }

  private void write(Kernels kernels, List<Bar> bars) throws IOException {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("kernels", kernels.name());
    report.put("rounds", quick ? 1 : rounds);
    report.put("reference", "float dot product, d=256, 512 vectors");
    report.put("results", results);
    report.put("bars", bars);
    write(out, "Kernels beside a dot product", report);
  }
}
