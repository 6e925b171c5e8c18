/** Benchmarks of what the spool keeps to itself. */
@org.jspecify.annotations.NullMarked
package org.posthouse.spool;
