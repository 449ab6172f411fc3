package dev.stepcast.schemas;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What became of one event of a batch. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({@JsonSubTypes.Type(EmitAnswer.class), @JsonSubTypes.Type(EmitRefused.class)})
public sealed interface EmitOutcome permits EmitAnswer, EmitRefused {}
