/** Programs that measure; {@code dev/bench} runs them. */
@org.jspecify.annotations.NullMarked
package org.posthouse.benchmarks;
