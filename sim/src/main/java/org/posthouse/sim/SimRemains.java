package org.posthouse.sim;

/** What a power cut leaves of what was not forced, asked for one change after the other. */
interface SimRemains {
    /** How much of a write, or of another change of a file, is there. */
    enum Part {
        ALL,
        /** Some sectors, and perhaps the length. */
        TORN,
        NONE
    }

    /** Whether a name has come or gone, as the change of its directory says. */
    boolean keepsName();

    /**
     * How much of a change of a file is there.
     *
     * @param newest it is the newest change of all files
     */
    Part partOf(boolean newest);

    /** Whether this sector of a torn write, of so many, is there. */
    boolean keepsSector(int index, int count);

    /** Whether the length that a torn change gave the file is there, whatever the octets are. */
    boolean keepsLength();

    /** As the seed says: all of it at random. */
    record Chance(SimRandom random) implements SimRemains {
        @Override
        public boolean keepsName() {
            return random.coin();
        }

        @Override
        public Part partOf(boolean newest) {
            return switch (random.below(4)) {
                case 0 -> Part.ALL;
                case 1 -> Part.NONE;
                default -> Part.TORN;
            };
        }

        @Override
        public boolean keepsSector(int index, int count) {
            return random.coin();
        }

        @Override
        public boolean keepsLength() {
            return random.coin();
        }
    }
}
