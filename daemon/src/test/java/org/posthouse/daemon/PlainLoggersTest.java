package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

class PlainLoggersTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final System.Logger logger =
            new PlainLoggers.PlainLogger(
                    "org.x", new PrintStream(out, true, StandardCharsets.UTF_8));

    @Test
    void warningsAreOneLine() {
        logger.log(System.Logger.Level.WARNING, "a\nb {0}", "c");
        logger.log(System.Logger.Level.ERROR, "no {0} here", new IllegalStateException("x\r\ny"));
        logger.log(System.Logger.Level.INFO, "not shown");
        assertThat(out.toString(StandardCharsets.UTF_8).replace("\r", ""))
                .isEqualTo(
                        "WARNING org.x: a b c\n"
                            + "ERROR org.x: no {0} here: java.lang.IllegalStateException: x y\n");
    }

    @Test
    void bothLoggingInterfacesEndHere() {
        assertThat(System.getLogger("org.x")).isNotNull();
        assertThat(System.LoggerFinder.getLoggerFinder()).isInstanceOf(PlainLoggers.class);
        assertThat(LoggerFactory.getILoggerFactory().getLogger("org.x").isInfoEnabled()).isFalse();
        assertThat(LoggerFactory.getILoggerFactory().getLogger("org.x").isWarnEnabled()).isTrue();
    }
}
