package org.posthouse.spool;

/** A file of the log. */
final class Segment {}
