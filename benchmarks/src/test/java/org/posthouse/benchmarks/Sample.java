package org.posthouse.benchmarks;

import org.HdrHistogram.Histogram;

/**
 * What one run of a candidate gave.
 *
 * @param rate operations a second, or octets a second
 * @param median time of one, in microseconds
 * @param p99 time of one in the slowest hundredth, in microseconds
 * @param longest time of one, in microseconds
 */
record Sample(double rate, double median, double p99, double longest) {
    private static final double MICRO = 1000;
    private static final double SECOND = 1e9;

    static Sample of(Histogram nanosOfEach, long nanos) {
        return new Sample(
                nanosOfEach.getTotalCount() * SECOND / nanos,
                nanosOfEach.getValueAtPercentile(50) / MICRO,
                nanosOfEach.getValueAtPercentile(99) / MICRO,
                nanosOfEach.getMaxValue() / MICRO);
    }

    /** One operation that moved so many octets. */
    static Sample ofOctets(long octets, long nanos) {
        double micros = nanos / MICRO;
        return new Sample(octets * SECOND / nanos, micros, micros, micros);
    }
}
