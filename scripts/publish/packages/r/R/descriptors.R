# What there is, in which types: made from the descriptor by `build`.

figures_descriptor <- << now | r >>

figures_history <- << past | r >>
