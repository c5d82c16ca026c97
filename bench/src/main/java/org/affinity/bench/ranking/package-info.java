/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The report of personalized ranking: held-out likes and human judgments, searched on a running
 * server with and without what is known of the person. Entry point: {@link
 * org.affinity.bench.ranking.RankingCommand}.
 *
 * <p>A {@link org.affinity.bench.ranking.RankingSet} is a data set, read from files or invented; a
 * {@link org.affinity.bench.ranking.Contender} is one way to rank, with settings to tune; {@link
 * org.affinity.bench.ranking.RankingRun} tunes each on some people and judges it on others. Of the
 * plugin all this knows what a client knows.
 */
package org.affinity.bench.ranking;
