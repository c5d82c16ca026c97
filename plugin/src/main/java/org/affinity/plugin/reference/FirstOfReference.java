/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.reference;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.affinity.plugin.vector.StoredPart;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.XContentBuilder;

/**
 * {@code first_of}: the first of a chain that is there. What later rungs need is asked for together
 * with what the first one needs, so a chain costs no more gets in a row than its longest rung; why
 * a later rung cannot be had is told only if it is reached.
 *
 * @param missing null until the defaults are filled in
 */
public record FirstOfReference(List<ReferenceForm> rungs, Missing missing)
    implements ReferenceForm {

  public FirstOfReference {
    rungs = List.copyOf(rungs);
    if (rungs.isEmpty()) {
      throw new IllegalArgumentException("[first_of] needs at least one reference");
    }
  }

  FirstOfReference(StreamInput in) throws IOException {
    this(in.readList(FirstOfReference::readRung), in.readEnum(Missing.class));
  }

  private static ReferenceForm readRung(StreamInput in) throws IOException {
    if (VectorReference.readFrom(in) instanceof ReferenceForm form) {
      return form;
    }
    throw new IOException("a rung of a chain must be a reference");
  }

  @Override
  public FirstOfReference withDefaults(String defaultField, Missing defaultMissing) {
    return new FirstOfReference(
        rungs.stream().map(rung -> rung.withDefaults(defaultField, Missing.NEUTRAL)).toList(),
        Objects.requireNonNullElse(missing, defaultMissing));
  }

  @Override
  public String origin() {
    return "the first of " + rungs.size() + " references";
  }

  @Override
  public void check(ReferenceLimits.Budget budget) {
    budget.part();
    budget.nested(() -> rungs.forEach(rung -> rung.check(budget)));
  }

  @Override
  public Step resolve(Knowledge known) throws Exception {
    List<String> reasons = new ArrayList<>();
    for (int i = 0; i < rungs.size(); i++) {
      switch (rungs.get(i).step(known)) {
        case Step.Found found -> {
          return new Step.Found(
              found.taste(),
              "rung " + (i + 1) + " of " + rungs.size() + ", " + found.origin(),
              found.usage().onRung(i + 1));
        }
        case Step.Needs needs -> {
          return new Step.Needs(
              withLater(needs.parts(), rungs.subList(i + 1, rungs.size()), known));
        }
        case Step.None none -> reasons.add(none.reason());
      }
    }
    return new Step.None("none of the chain: " + String.join("; ", reasons), Usage.NONE);
  }

  private static Set<StoredPart<?>> withLater(
      Set<StoredPart<?>> parts, List<ReferenceForm> later, Knowledge known) {
    Set<StoredPart<?>> all = new LinkedHashSet<>(parts);
    later.forEach(rung -> all.addAll(needs(rung, known)));
    return all;
  }

  /** Why a rung cannot be had is told when it is reached. */
  private static Set<StoredPart<?>> needs(ReferenceForm rung, Knowledge known) {
    try {
      return rung.step(known) instanceof Step.Needs needs ? needs.parts() : Set.of();
    } catch (Exception e) {
      return Set.of();
    }
  }

  @Override
  public void writeTo(StreamOutput out) throws IOException {
    out.writeByte((byte) 6);
    out.writeList(rungs);
    out.writeEnum(missing);
  }

  @Override
  public XContentBuilder content(XContentBuilder builder, Params params) throws IOException {
    builder.startArray("first_of");
    for (ReferenceForm rung : rungs) {
      rung.content(builder.startObject(), params).endObject();
    }
    return builder.endArray().field("missing", missing.toString());
  }
}
