"""The functions of a plan, each from IEEE operations alone: the same bits for arrays, for one lane and as C++."""
