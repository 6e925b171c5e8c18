/** A test kit: simulated internet and contract suites for the SPIs. */
@org.jspecify.annotations.NullMarked
module org.posthouse.testkit {
    requires static transitive org.jspecify;
    requires transitive org.posthouse;
    requires transitive org.posthouse.sim;
}
