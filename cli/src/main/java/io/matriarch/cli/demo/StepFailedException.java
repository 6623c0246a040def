package io.matriarch.cli.demo;

/** A step of the demo did not come true within its bound; the message says what was missing. */
final class StepFailedException extends Exception {
    private static final long serialVersionUID = 1;

    private final int number;
    private final String title;

    StepFailedException(int number, String title, String missing) {
        super(missing);
        this.number = number;
        this.title = title;
    }

    DemoEvent.StepFailed event() {
        return new DemoEvent.StepFailed(number, title, String.valueOf(getMessage()));
    }
}
