package io.matriarch.candidate;

/**
 * The path of an election from its top to its end: those that exist answer so, and cost one round trip each only when
 * something is missing.
 */
final class ParentPath {
    private final String path;
    private boolean areContainersOffered = true;
    private int end;

    ParentPath(String path) {
        this.path = path;
        restart();
    }

    void restart() {
        end = endAfter(0);
    }

    private int endAfter(int start) {
        int slash = path.indexOf('/', start + 1);
        return slash < 0 ? path.length() : slash;
    }

    String current() {
        return path.substring(0, end);
    }

    boolean hasNext() {
        return end < path.length();
    }

    void next() {
        end = endAfter(end);
    }

    boolean isContainer() {
        return areContainersOffered;
    }

    void offerNoContainers() {
        areContainersOffered = false;
    }
}
