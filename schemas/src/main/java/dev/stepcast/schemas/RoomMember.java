package dev.stepcast.schemas;

/**
 * Who has a seat in a room.
 *
 * <p>Wire form: {@code schemas/parts/roomMember.json}.
 *
 * @param member id of the member
 * @param alias what the member is called
 * @param owner whether they may lock and kick
 * @param here whether they were heard of lately
 * @param read sequence of the last message they read; 0 none
 */
public record RoomMember(String member, String alias, boolean owner, boolean here, long read) {}
