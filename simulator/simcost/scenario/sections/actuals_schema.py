"""The table [actuals] of a scenario file: bills that take the place of the forecast."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simcost.scenario.tables import Table

Column = Annotated[str, Field(min_length=1, max_length=200)]


class ActualsTable(Table):
    """Bills of months that are over: in these months they are the cost, and no cost line of the file counts."""

    file: Annotated[
        str,
        Field(max_length=200, description="CSV file in the scenario's folder, a bill in each row.", examples=["bills.csv"]),
    ]
    through: Annotated[
        str | None,
        Field(
            pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$",
            description="Last month that is closed, YYYY-MM; later bills wait. The last month of the file by default, and the "
            "month before the run for none.",
            examples=["2027-03"],
        ),
    ] = None
    month: Annotated[Column, Field(description="Column of the months.", examples=["month"])] = "month"
    amount: Annotated[Column, Field(description="Column of the sums, in the file's currency.", examples=["amount"])] = "amount"
    line: Annotated[Column, Field(description="Column of cost lines, where the file has it.", examples=["service"])] = "line"
    category: Annotated[Column, Field(description="Column of categories, where the file has it.", examples=["category"])] = (
        "category"
    )
    stage: Annotated[Column, Field(description="Column of stages, where the file has it.", examples=["stage"])] = "stage"
    owner: Annotated[Column, Field(description="Column of owners, where the file has it.", examples=["department"])] = "owner"
