package io.matriarch.cli.shell;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes names of commands, their options, and the paths of znodes. */
final class Completion implements Completer {
    /** How long the user waits for the server. */
    private static final int PATIENCE_MILLIS = 1_000;
    /** More children than anybody reads are not offered. */
    private static final int MAX_OFFERED = 500;

    private final Shell shell;

    Completion(Shell shell) {
        this.shell = shell;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String word = line.word().substring(0, line.wordCursor());
        if (line.wordIndex() == 0) {
            Verbs.all()
                    .forEach(entry -> candidates.add(
                            new Candidate(entry.name(), entry.name(), null, entry.what(), null, null, true)));
            return;
        }
        Verbs.named(line.words().get(0)).ifPresent(entry -> {
            if (entry.name().equals("help")) {
                Verbs.all().forEach(other -> candidates.add(new Candidate(other.name())));
            } else if (word.startsWith("-")) {
                entry.options().forEach(option -> candidates.add(new Candidate(option)));
            } else if (entry.takesPath() && (word.isEmpty() || word.startsWith("/"))) {
                paths(word, candidates);
            }
        });
    }

    private void paths(String word, List<Candidate> candidates) {
        int slash = word.lastIndexOf('/');
        String parent = slash <= 0 ? "/" : word.substring(0, slash);
        String prefix = slash <= 0 ? "/" : parent + "/";
        List<String> children = children(parent);
        children.stream()
                .map(child -> prefix + child)
                .filter(path -> path.startsWith(word))
                .limit(MAX_OFFERED)
                // The word may go on with another slash.
                .forEach(path -> candidates.add(
                        new Candidate(path, path.substring(prefix.length()), null, null, null, null, false)));
    }

    private List<String> children(String parent) {
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        try {
            shell.zooKeeper()
                    .getChildren(
                            parent,
                            false,
                            (code, path, context, names) ->
                                    answer.complete(names == null ? Collections.emptyList() : names),
                            null);
            return answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).stream()
                    .sorted()
                    .toList();
        } catch (ShellException | IllegalArgumentException | TimeoutException | ExecutionException e) {
            // Nothing is offered.
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
