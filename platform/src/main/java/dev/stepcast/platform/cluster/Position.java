package dev.stepcast.platform.cluster;

/**
 * A place in the cluster's history.
 *
 * @param version counts changes
 * @param mark    digest of all changes up to here: equal marks, equal past
 */
record Position(long version, String mark) {
  static final Position NONE = new Position(0, "");
}
