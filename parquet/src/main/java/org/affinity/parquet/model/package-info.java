/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The folders in which Spark and MLflow keep models, as embeddings.
 *
 * <p>Spark's hold Parquet under fixed names; MLflow's hold anything, which the formats that it is
 * given must recognize. May depend on {@code org.affinity.parquet}, {@code org.affinity.ingest},
 * Jackson (Spark's metadata) and snakeyaml-engine (MLflow's).
 */
package org.affinity.parquet.model;
