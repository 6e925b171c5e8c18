package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportPaintTest {
    private static final String REPORT =
            """
            error[PH-C015]: `tls` needs one of its words
               posthouse.toml:5:7
                  4 | bind = "127.0.0.1:2525"
                  5 | tls = "requier"
                    |       ^^^^^^^^^ did you mean `require`?
               help: posthouse help PH-C015

            1 error.
            """;

    @Test
    void whatIsWrongStandsOutAndWhereItIsStepsBack() {
        assertThat(ReportPaint.painted(REPORT).replace('\033', '!'))
                .isEqualTo(
                        """
                        ![1;31merror[PH-C015]![0m![1m: `tls` needs one of its words![0m
                        ![2m   posthouse.toml:5:7![0m
                        ![2m      4 | ![0mbind = "127.0.0.1:2525"
                        ![2m      5 | ![0mtls = "requier"
                        ![2m        |       ![0m![1;31m^^^^^^^^^ did you mean `require`?![0m
                        ![2m   help: posthouse help PH-C015![0m

                        1 error.
                        """);
    }

    @Test
    void onlyColoursAreAdded() {
        assertThat(ReportPaint.painted(REPORT).replaceAll("\033\\[[0-9;]*m", "")).isEqualTo(REPORT);
    }
}
