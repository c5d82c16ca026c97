/* SPDX-License-Identifier: Apache-2.0 */
package org.affinity.plugin.processor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.affinity.plugin.vector.Fetched;
import org.affinity.plugin.vector.StoredVector;
import org.opensearch.ingest.IngestDocument;

/**
 * {@code embedding_combine}: makes the vector of a document from those of its categories, brands,
 * authors: what an item without history of its own can have.
 */
final class CombineProcessor extends FetchingProcessor {

  static final String TYPE = "embedding_combine";

  private static final int MAX_INPUTS = 32;

  private final List<CombineInput> inputs;
  private final Combination combination;
  private final VectorTarget target;
  private final String provenanceField;
  private final boolean ignoreMissing;
  private final MappedDimension mapped;

  private CombineProcessor(
      ProcessorConfig config, VectorFetch.Source vectors, MappedDimension mapped) {
    super(config, vectors.within(config.timeout()));
    this.inputs = config.objects("inputs", MAX_INPUTS).stream().map(CombineInput::read).toList();
    this.combination = config.oneOf("combine", Combination.class, Combination.SUM);
    this.target = VectorTarget.read(config, config.string("target_field"));
    this.provenanceField = config.optionalString("provenance_field");
    this.ignoreMissing = config.flag("ignore_missing", false);
    this.mapped = mapped;
  }

  static CombineProcessor create(
      ProcessorConfig config, VectorFetch.Source vectors, MappedDimension mapped) {
    return new CombineProcessor(config, vectors, mapped);
  }

  @Override
  Work begin(IngestDocument document) {
    if (target.keeps(document)) {
      return Work.NONE;
    }
    List<List<CombineInput.Entry>> entries =
        inputs.stream().map(input -> input.entries(document)).toList();
    return new Combine(document, entries);
  }

  private final class Combine implements Work {

    private final IngestDocument document;
    private final List<List<CombineInput.Entry>> entries;
    private final List<String> used = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();

    Combine(IngestDocument document, List<List<CombineInput.Entry>> entries) {
      this.document = document;
      this.entries = entries;
    }

    @Override
    public Collection<StoredVector> needs() {
      return entries.stream()
          .flatMap(List::stream)
          .map(CombineInput.Entry::vector)
          .collect(Collectors.toSet());
    }

    @Override
    public void finish(Fetched vectors, WrittenNumbers written) throws Exception {
      List<List<float[]>> found = new ArrayList<>();
      for (List<CombineInput.Entry> values : entries) {
        found.add(take(values, vectors));
      }
      if (!used.isEmpty()) {
        List<Combination.Part> parts = parts(found);
        target.put(
            document,
            combination.combine(parts),
            "the [" + combination + "] of the vectors of " + DocumentField.nameOf(document),
            written);
      } else if (!ignoreMissing) {
        throw new IllegalArgumentException(nothingFound());
      }
      if (provenanceField != null) {
        Map<String, Object> provenance = new HashMap<>();
        provenance.put("used", used);
        provenance.put("missing", missing);
        document.setFieldValue(provenanceField, provenance);
      }
    }

    private List<float[]> take(List<CombineInput.Entry> values, Fetched vectors) throws Exception {
      List<float[]> found = new ArrayList<>();
      for (CombineInput.Entry entry : values) {
        if (vectors.get(entry.vector()) instanceof Fetched.Found<float[]> vector) {
          if (!found.isEmpty() && found.get(0).length != vector.value().length) {
            throw differs(vector.what(), vector.value().length, found.get(0).length);
          }
          found.add(vector.value());
          used.add(entry.name());
        } else {
          missing.add(entry.name());
        }
      }
      return found;
    }

    private List<Combination.Part> parts(List<List<float[]>> found) {
      List<Combination.Part> parts = new ArrayList<>();
      int common = 0;
      long total = 0;
      for (int i = 0; i < inputs.size(); i++) {
        CombineInput input = inputs.get(i);
        List<float[]> vectors = found.get(i);
        int dimension = vectors.isEmpty() ? 0 : vectors.get(0).length;
        String what = "[" + input.sourceField() + "] of index [" + input.index() + "]";
        if (combination == Combination.CONCAT) {
          OptionalInt declared = declared(input);
          if (declared.isPresent() && dimension != 0 && dimension != declared.getAsInt()) {
            throw differs(what, dimension, declared.getAsInt());
          }
          dimension = declared.orElse(dimension);
          if (dimension == 0) {
            throw new IllegalArgumentException(
                "field ["
                    + input.field()
                    + "] of "
                    + DocumentField.nameOf(document)
                    + " has no vector, and [concat] cannot know how many zeros to put: set"
                    + " [dimension] in its input, or map "
                    + what
                    + " as [embedding]");
          }
        } else if (dimension != 0) {
          if (common != 0 && dimension != common) {
            throw differs(what, dimension, common);
          }
          common = dimension;
        }
        total += dimension;
        parts.add(new Combination.Part(vectors, input.weight(), dimension));
      }
      if (combination == Combination.CONCAT && total > ProcessorConfig.MAX_DIMENSION) {
        throw new IllegalArgumentException(
            "[concat] makes ["
                + total
                + "] values, a vector has at most ["
                + ProcessorConfig.MAX_DIMENSION
                + "]");
      }
      return parts;
    }

    private OptionalInt declared(CombineInput input) {
      return input.dimension() == null
          ? mapped.of(input.index(), input.sourceField())
          : OptionalInt.of(input.dimension());
    }

    private IllegalArgumentException differs(String what, int dimension, int other) {
      return new IllegalArgumentException(
          what
              + " has ["
              + dimension
              + "] values where ["
              + other
              + "] are needed, to combine vectors for "
              + DocumentField.nameOf(document)
              + "; use vectors of one model"
              + (combination == Combination.CONCAT ? "" : ", or [combine: concat]"));
    }

    private String nothingFound() {
      String fields = inputs.stream().map(CombineInput::field).toList().toString();
      return "no vector was found for fields "
          + fields
          + " of "
          + DocumentField.nameOf(document)
          + (missing.isEmpty()
              ? ": they are missing"
              : ": " + missing.subList(0, Math.min(10, missing.size())) + " have none")
          + "; load them, or set [ignore_missing: true] to go on without a vector";
    }
  }

  @Override
  public String getType() {
    return TYPE;
  }
}
