package org.posthouse.spool;

/** Where a message lies in the log. */
record Extent() {}
