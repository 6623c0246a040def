package io.matriarch.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

/**
 * What recorded journals tell, to the letter; {@code -Dmatriarch.rewrite=true} writes down what they tell now, and the
 * diff is then to be reviewed.
 */
class GoldenTest {
    private static final Pattern X = Pattern.compile(" x[12]?=\"(-?[0-9.]+)\"");

    @ParameterizedTest
    @ValueSource(strings = {Recorded.KILLED, Recorded.STOPPED, Recorded.MIXED})
    void tellsTheStoryInAHundredColumns(String name) throws IOException {
        List<String> told = new ArrayList<>();
        for (Election election : Elections.in(Recorded.journals(name))) {
            told.addAll(ElectionText.of(election));
            told.add("");
        }
        Path expected = Recorded.directory(name).resolve("expected.txt");
        if (Boolean.getBoolean("matriarch.rewrite")) {
            Files.write(expected, told);
        }

        assertThat(told).isEqualTo(Files.readAllLines(expected));
        assertThat(told).allMatch(line -> line.length() <= 100).noneMatch(line -> line.endsWith(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {Recorded.KILLED, Recorded.STOPPED, Recorded.MIXED})
    void jsonHasTheSame(String name) throws IOException {
        Election election = Recorded.last(name);
        JsonNode json = new JsonMapper().readTree(new ExplainJson().of(election));

        assertThat(json.path("title").asText()).isEqualTo(ElectionText.title(election));
        assertThat(json.path("leader").asLong()).isEqualTo(election.leader());
        assertThat(json.path("votes")).hasSize(VoteRow.of(election).size());
        assertThat(json.path("phases")).hasSize(Phase.of(election).size());
        assertThat(json.path("others")).hasSize(2);
        assertThat(json.path("phases").get(0).path("toMicros").asLong())
                .isEqualTo(json.path("phases").get(1).path("fromMicros").asLong());
    }

    @ParameterizedTest
    @ValueSource(strings = {Recorded.KILLED, Recorded.STOPPED, Recorded.MIXED})
    void pictureIsWellFormedAndHasALaneForEachServerAndStaysInItsFrame(String name) throws Exception {
        String svg = Timeline.of(Recorded.last(name));

        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertThat(svg).contains(">server 1<", ">server 2<", ">server 3<", ">voting<", "now votes for");
        assertThat(svg.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http", "href")
                .contains("fill=\"#fff\"/>");
        Matcher x = X.matcher(svg);
        while (x.find()) {
            assertThat(Double.parseDouble(x.group(1))).isBetween(0.0, 1100.0);
        }
    }
}
