"""Who meets whom: the risks between civil, police, military and other actors."""

from itertools import combinations

import networkx as nx
import pandas as pd

from mss_analysis.charts import draw_bars, draw_network
from mss_analysis.evidence import Evidence
from mss_analysis.exhibit import Exhibit, Row, exhibit
from mss_analysis.findings import Finding
from mss_analysis.prose import Text, compose, enumerate_parts
from mss_analysis.risks import FEAR, HARM, NOTHING, Risk, count_risks, flatten_counts, read_risks

# In this order around the circle, whatever is known: editions can be compared.
ACTORS = ("civil", "police", "mission", "military", "humanitarian", "government", "gang")
