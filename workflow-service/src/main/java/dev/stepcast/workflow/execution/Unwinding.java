package dev.stepcast.workflow.execution;

/** Takes a workflow's thread away from its code. An Error, so that no author catches it. */
sealed abstract class Unwinding extends Error {
  private static final long serialVersionUID = 1;

  private Unwinding(String message) {
    super(message, null, false, false);
  }

  /** Nothing more can be done before a time comes or something arrives. */
  static final class Suspended extends Unwinding {
    private static final long serialVersionUID = 1;

    Suspended() {
      super("the run is left alone for a while");
    }
  }

  /** The run is another's now. */
  static final class Dropped extends Unwinding {
    private static final long serialVersionUID = 1;

    Dropped(String why) {
      super(why);
    }
  }

  /** The workflow asked to be canceled. */
  static final class Canceled extends Unwinding {
    private static final long serialVersionUID = 1;

    Canceled() {
      super("the run cancels itself");
    }
  }

  /** The workflow's code does not go with the journal, or is past a limit: the run fails. */
  static final class Broken extends Unwinding {
    private static final long serialVersionUID = 1;
    private final String type;

    Broken(String type, String message) {
      super(message);
      this.type = type;
    }

    String type() {
      return type;
    }
  }
}
