package io.matriarch.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SoakCommandTest {
    @ParameterizedTest
    @CsvSource({
        "--processes 1, --processes must be 2 or more",
        "--candidates 3 --processes 4, at most --candidates",
        "--candidates 10001, at most 10000",
        "--servers 10, from 1 to 9",
        "--session-timeout 900 --tick 500, two ticks or more",
        "--for 10, is no time",
        "--flavour zab, --flavour"
    })
    void wrongOptions_areRefusedWithAReason(String options, String reason) {
        StringWriter err = new StringWriter();
        CommandLine command = SoakCommand.commandLine().setErr(new PrintWriter(err));
        assertThat(command.execute(options.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(reason);
    }
}
