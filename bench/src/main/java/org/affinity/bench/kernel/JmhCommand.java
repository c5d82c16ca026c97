/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.bench.kernel;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.affinity.bench.DistanceTableBenchmark;
import org.affinity.bench.report.Place;
import org.affinity.bench.report.ReportCommand;
import org.affinity.quantization.simd.KernelSelection;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;

/** Runs the hot loops under JMH and holds them against what the processor can do at most. */
@CommandLine.Command(
    name = "jmh",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "The hot loops under JMH, as shares of the limits of the processor.")
public final class JmhCommand extends ReportCommand {

  /** Bytes of data in a quick run. */
  private static final int FEW = 1 << 20;

  private static final List<Class<?>> LOOPS =
      List.of(
          ScanBenchmark.class,
          LookUpBenchmark.class,
          NearestBenchmark.class,
          QueryBenchmark.class,
          VectorBenchmark.class,
          DistanceTableBenchmark.class);

  @CommandLine.Option(
      names = "--only",
      paramLabel = "REGEX",
      description = "Only benchmarks in whose Class.method this is found; the probes run always.")
  private String only = "";

  @CommandLine.Option(
      names = "--forks",
      paramLabel = "N",
      defaultValue = "1",
      description = "JVMs for each benchmark; 0: all in this one.")
  private int forks;

  @CommandLine.Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "7",
      description = "Measured iterations of each fork.")
  private int iterations;

  @CommandLine.Option(
      names = "--millis",
      paramLabel = "N",
      defaultValue = "200",
      description = "Of an iteration; four that are 2.5 times as long warm up.")
  private int millis;

  @CommandLine.Option(
      names = "--quick",
      description = "A tiny run in this JVM on little data, that only shows it works.")
  private boolean quick;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes FILE (.json), and .md beside it.")
  private Path out;

  @Override
  public Integer call() throws IOException, RunnerException {
    refuseIf(forks < 0, "--forks must be at least 0");
    refuseIf(iterations < 1, "--iterations must be at least 1");
    refuseIf(millis < 1, "--millis must be at least 1");
    refuseUnlessJson(out);
    try {
      Pattern.compile(only);
    } catch (PatternSyntaxException e) {
      throw new CommandLine.ParameterException(commandLine(), "--only: " + e.getDescription(), e);
    }
    refuseIf(
        LOOPS.stream().noneMatch(loop -> matches(loop, only)),
        "no benchmark matches --only " + only);
    List<Measured> probes = new ArrayList<>(run(ProbeBenchmark.class, ""));
    List<Measured> loops = new ArrayList<>();
    for (Class<?> loop : LOOPS) {
      if (matches(loop, only)) {
        loops.addAll(run(loop, only));
      }
    }
    probes.addAll(run(ProbeBenchmark.class, ""));
    JmhResult result = JmhResult.of(describe(), Limits.of(probes), loops);
    print(JmhReport.markdown(result));
    if (out != null) {
      JmhReport.write(result, out);
    }
    return 0;
  }

  private static boolean matches(Class<?> type, String regex) {
    OutputFormat silent =
        OutputFormatFactory.createFormatInstance(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            VerboseMode.SILENT);
    return !BenchmarkList.defaultList()
        .find(silent, List.of(pattern(type, regex)), List.of())
        .isEmpty();
  }

  /** Of the benchmarks of a class in which the expression is found. */
  private static String pattern(Class<?> type, String regex) {
    return "(?=.*\\." + type.getSimpleName() + "\\.)(?=.*(?:" + regex + "))";
  }

  /** Of one class what matches. */
  private List<Measured> run(Class<?> type, String regex) throws RunnerException {
    warn(type.getSimpleName());
    // Times are of the CPU, so another JMH on this machine does no harm.
    System.setProperty("jmh.ignoreLock", "true");
    Collection<RunResult> results = new Runner(options(type, regex).build()).run();
    return results.stream().map(Measured::of).toList();
  }

  private ChainedOptionsBuilder options(Class<?> type, String regex) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(pattern(type, regex))
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(quick ? 0 : forks)
            .warmupIterations(quick ? 1 : 4)
            .warmupTime(TimeValue.milliseconds(quick ? 1 : millis * 5L / 2))
            .measurementIterations(quick ? 1 : iterations)
            .measurementTime(TimeValue.milliseconds(quick ? 1 : millis))
            .addProfiler(CpuTime.class)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            // Compiles in the foreground, or a busy machine measures what is not compiled yet.
            .jvmArgs(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-Xbatch");
    return quick ? options.param(Parameters.MOST, Integer.toString(FEW)) : options;
  }

  private Map<String, Object> describe() throws IOException {
    Map<String, Object> run = Place.describe();
    run.put("kernels", KernelSelection.best().name());
    run.put("forks", quick ? 0 : forks);
    run.put("iterations", quick ? 1 : iterations);
    run.put("millisOfAnIteration", quick ? 1 : millis);
    return run;
  }
}
