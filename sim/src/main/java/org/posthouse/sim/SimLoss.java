package org.posthouse.sim;

import org.posthouse.sim.SimRemains.Part;

/**
 * What a crash takes with it: a killed process takes nothing that it wrote, a power cut only what
 * was not forced. {@link #POWER} lets the seed say what, change by change; the others are its
 * corners, which a test can go through one by one.
 *
 * <table>
 * <caption>What a power cut leaves of what was not forced</caption>
 * <tr><th>rule</th><th>of writes</th><th>of names that came or went</th></tr>
 * <tr><td>KEEPS_ALL</td><td>all</td><td>all</td></tr>
 * <tr><td>KEEPS_NOTHING</td><td>nothing</td><td>nothing</td></tr>
 * <tr><td>KEEPS_WRITES</td><td>all</td><td>nothing</td></tr>
 * <tr><td>KEEPS_NAMES</td><td>nothing</td><td>all</td></tr>
 * <tr><td>KEEPS_LENGTHS</td><td>how long the file is, over zeros</td><td>all</td></tr>
 * <tr><td>KEEPS_HEADS</td><td>the first half of the sectors of each</td><td>all</td></tr>
 * <tr><td>KEEPS_TAILS</td><td>the other half</td><td>nothing</td></tr>
 * <tr><td>KEEPS_EVERY_OTHER</td><td>the first, third, ... sector of each</td><td>all</td></tr>
 * <tr><td>KEEPS_NEWEST</td><td>the newest of all, none before it</td><td>all</td></tr>
 * </table>
 *
 * @since 0.1
 */
public enum SimLoss {
    /** The process is gone; what it wrote stands, forced or not. */
    PROCESS,
    /** The power is gone: of what was not forced, the seed keeps some. */
    POWER,
    /** The power is gone, and takes nothing. */
    POWER_KEEPS_ALL,
    /** The power is gone, and all with it that was not forced. */
    POWER_KEEPS_NOTHING,
    /** Files have what was written, directories do not. */
    POWER_KEEPS_WRITES,
    /** Directories have what was done to them, files do not. */
    POWER_KEEPS_NAMES,
    /** A file has grown, or was cut, but the octets did not get there: zeros where it grew. */
    POWER_KEEPS_LENGTHS,
    /** Each write is torn: it came half way. */
    POWER_KEEPS_HEADS,
    /** Each write is torn: what came is the half that was to come later. */
    POWER_KEEPS_TAILS,
    /** Each write is torn to pieces. */
    POWER_KEEPS_EVERY_OTHER,
    /** Reordered: only the newest write of all files has come. */
    POWER_KEEPS_NEWEST;

    /** What a power cut leaves; a killed process leaves everything. */
    SimRemains remains(SimRandom random) {
        return this == POWER ? new SimRemains.Chance(random) : new Rule(this);
    }

    /** One row of the table. */
    private record Rule(SimLoss loss) implements SimRemains {
        @Override
        public boolean keepsName() {
            return switch (loss) {
                case POWER_KEEPS_NOTHING, POWER_KEEPS_WRITES, POWER_KEEPS_TAILS -> false;
                default -> true;
            };
        }

        @Override
        public Part partOf(boolean newest) {
            return switch (loss) {
                case POWER_KEEPS_NOTHING, POWER_KEEPS_NAMES -> Part.NONE;
                case POWER_KEEPS_NEWEST -> newest ? Part.ALL : Part.NONE;
                case POWER_KEEPS_LENGTHS,
                        POWER_KEEPS_HEADS,
                        POWER_KEEPS_TAILS,
                        POWER_KEEPS_EVERY_OTHER ->
                        Part.TORN;
                case PROCESS, POWER, POWER_KEEPS_ALL, POWER_KEEPS_WRITES -> Part.ALL;
            };
        }

        @Override
        public boolean keepsSector(int index, int count) {
            return switch (loss) {
                case POWER_KEEPS_HEADS -> index < count / 2;
                case POWER_KEEPS_TAILS -> index >= count / 2;
                case POWER_KEEPS_EVERY_OTHER -> index % 2 == 0;
                default -> false;
            };
        }

        @Override
        public boolean keepsLength() {
            return loss != POWER_KEEPS_HEADS;
        }
    }
}
