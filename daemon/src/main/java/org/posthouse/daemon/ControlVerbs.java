package org.posthouse.daemon;

import java.io.InputStream;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Who answers at the control socket.
 *
 * @param control answers requests; may take its time
 * @param submissions answers requests with a content behind them, which it reads
 * @param following is asked first: answers line by line
 */
record ControlVerbs(
        Function<ControlRequest, ControlAnswer> control,
        BiFunction<ControlRequest, InputStream, ControlAnswer> submissions,
        Following following) {}
